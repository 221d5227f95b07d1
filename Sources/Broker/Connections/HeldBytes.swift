import NIOCore

/// Packets that must not leave before the journal is durable up to an LSN.
struct HeldBytes {
    let lsn: UInt64
    var bytes: ByteBuffer
}
