import NIOCore

/// A cursor that stores the fields of one packet into memory reserved for exactly that packet.
///
/// The size of a packet stands at its beginning, so it is always known before; one check of the buffer's capacity per
/// packet is enough.
struct FieldWriter {
    private var free: UnsafeMutableRawBufferPointer

    private init(_ free: UnsafeMutableRawBufferPointer) {
        self.free = free
    }

    /// Appends a packet to `buffer`: the fixed header, and what `body` writes, which must be `bodyBytes`.
    ///
    /// - Parameters:
    ///   - type: the packet's type.
    ///   - flags: the lower four bits of the first byte.
    ///   - bodyBytes: the bytes of variable header and payload.
    ///   - appendedBytes: how many of `bodyBytes` the caller appends itself, behind what `body` writes.
    @inline(__always)
    static func appendPacket(
        _ type: PacketType,
        flags: UInt8 = 0,
        bodyBytes: Int,
        appendedBytes: Int = 0,
        to buffer: inout ByteBuffer,
        _ body: (inout FieldWriter) -> Void
    ) {
        precondition(bodyBytes <= WireLimits.remainingLengthMax, "a packet above the largest remaining length")
        let count = 1 + VariableByteInteger.byteCount(of: bodyBytes) + bodyBytes - appendedBytes
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { free in
            var writer = FieldWriter(UnsafeMutableRawBufferPointer(rebasing: free[..<count]))
            writer.write(type.rawValue << 4 | flags)
            writer.writeVariableByteInteger(UInt32(bodyBytes))
            body(&writer)
            precondition(writer.free.isEmpty, "a packet shorter than computed")
            return count
        }
    }

    @inline(__always)
    mutating func write(_ value: UInt8) {
        free[0] = value
        advance(1)
    }

    @inline(__always)
    mutating func write(_ value: UInt16) {
        free.storeBytes(of: value.bigEndian, as: UInt16.self)
        advance(2)
    }

    @inline(__always)
    mutating func write(_ value: UInt32) {
        free.storeBytes(of: value.bigEndian, as: UInt32.self)
        advance(4)
    }

    @inline(__always)
    mutating func writeVariableByteInteger(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            write(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(UInt8(truncatingIfNeeded: rest))
    }

    /// The bytes alone.
    @inline(__always)
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= free.count, "a packet longer than computed")
        free.copyMemory(from: bytes)
        advance(bytes.count)
    }

    /// The bytes alone.
    mutating func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    /// A length of two bytes, and the bytes (1.5.4, 1.5.6).
    @inline(__always)
    mutating func writePrefixed(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= WireLimits.stringBytesMax, "a string above 65,535 bytes")
        write(UInt16(bytes.count))
        write(bytes)
    }

    /// A length of two bytes, and the bytes (1.5.4, 1.5.6).
    mutating func writePrefixed(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { writePrefixed($0) }
    }

    @inline(__always)
    private mutating func advance(_ count: Int) {
        free = UnsafeMutableRawBufferPointer(rebasing: free[count...])
    }
}
