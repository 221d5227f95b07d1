/// One packet's bytes inside a read buffer: cut out, not yet understood, not copied.
///
/// Valid as long as the buffer it was cut from. Trivial: passing it around costs no reference counting.
@frozen
public struct Frame {
    public let type: PacketType

    /// The lower four bits of the first byte.
    public let flags: UInt8

    /// Variable header and payload: everything behind the fixed header.
    public let body: UnsafeRawBufferPointer

    /// The bytes of the whole packet: where the next one begins.
    public let totalBytes: Int

    /// Cuts the first packet out of `bytes`.
    ///
    /// A packet that is too large is refused as soon as its header is there, before its body arrives.
    ///
    /// - Parameters:
    ///   - bytes: what has been received, from the first byte of a packet on.
    ///   - packetBytesMax: the largest packet that is accepted, in bytes, header included.
    /// - Returns: nil as long as the packet is incomplete; `FixedHeader.next` tells how many bytes it needs.
    /// - Throws: what `FixedHeader.next` throws.
    public static func next(
        in bytes: UnsafeRawBufferPointer,
        packetBytesMax: Int
    ) throws(DecodingError) -> Frame? {
        guard let header = try FixedHeader.next(in: bytes, packetBytesMax: packetBytesMax) else { return nil }
        guard header.totalBytes <= bytes.count else { return nil }
        return Frame(
            type: header.type,
            flags: header.flags,
            body: UnsafeRawBufferPointer(rebasing: bytes[header.headerBytes..<header.totalBytes]),
            totalBytes: header.totalBytes
        )
    }
}

extension Frame {
    /// Refuses DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE, which only 3.1 knows there (2.1.3).
    func expectNoDuplicateFlag(in version: ProtocolVersion) throws(DecodingError) {
        guard flags & 0x08 == 0 || version == .v31 else { throw DecodingError(.flagsReserved) }
    }
}
