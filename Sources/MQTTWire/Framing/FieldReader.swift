/// A cursor over the fields of a packet's body or of a property section (1.5 Data representation).
///
/// Every read checks its bounds; a field that does not fit is the peer's error.
struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var remainingBytes: Int { bytes.count - offset }

    var isAtEnd: Bool { offset == bytes.count }

    @inline(__always)
    mutating func readUInt8() throws(DecodingError) -> UInt8 {
        guard remainingBytes >= 1 else { throw DecodingError(.fieldTruncated) }
        defer { offset += 1 }
        return bytes[offset]
    }

    @inline(__always)
    mutating func readUInt16() throws(DecodingError) -> UInt16 {
        guard remainingBytes >= 2 else { throw DecodingError(.fieldTruncated) }
        defer { offset += 2 }
        return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    mutating func readUInt32() throws(DecodingError) -> UInt32 {
        guard remainingBytes >= 4 else { throw DecodingError(.fieldTruncated) }
        defer { offset += 4 }
        return UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// A variable byte integer (1.5.5), in the fewest bytes that hold it [MQTT-1.5.5-1].
    @inline(__always)
    mutating func readVariableByteInteger() throws(DecodingError) -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while true {
            let byte = try readUInt8()
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw DecodingError(.variableByteIntegerMalformed) }
                return value
            }
            shift += 7
            guard shift < 28 else { throw DecodingError(.variableByteIntegerMalformed) }
        }
    }

    /// A packet identifier that is not 0 [MQTT-2.2.1-3].
    @inline(__always)
    mutating func readPacketIdentifier() throws(DecodingError) -> UInt16 {
        let identifier = try readUInt16()
        guard identifier != 0 else { throw DecodingError(.packetIdentifierZero) }
        return identifier
    }

    /// Binary data: a length of two bytes, and as many bytes (1.5.6).
    @inline(__always)
    mutating func readBinary() throws(DecodingError) -> UnsafeRawBufferPointer {
        let count = Int(try readUInt16())
        return try readBytes(count)
    }

    /// A UTF-8 encoded string (1.5.4): like binary data, checked for well-formed UTF-8 without U+0000.
    mutating func readString() throws(DecodingError) -> UnsafeRawBufferPointer {
        let text = try readBinary()
        guard UTF8Validation.isEncodedString(text) else { throw DecodingError(.textMalformed) }
        return text
    }

    /// A UTF-8 encoded string without control characters: what names something that is logged or compared.
    mutating func readName() throws(DecodingError) -> UnsafeRawBufferPointer {
        let text = try readBinary()
        guard UTF8Validation.isName(text) else { throw DecodingError(.textMalformed) }
        return text
    }

    @inline(__always)
    mutating func readBytes(_ count: Int) throws(DecodingError) -> UnsafeRawBufferPointer {
        guard remainingBytes >= count else { throw DecodingError(.fieldTruncated) }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    @inline(__always)
    mutating func readRemainder() -> UnsafeRawBufferPointer {
        defer { offset = bytes.count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset...])
    }

    /// A property section: a variable byte integer, and as many bytes (2.2.2).
    @inline(__always)
    mutating func readPropertySection() throws(DecodingError) -> UnsafeRawBufferPointer {
        let count = Int(try readVariableByteInteger())
        return try readBytes(count)
    }

    /// The end of the packet, which must have been reached.
    func expectEnd() throws(DecodingError) {
        guard isAtEnd else { throw DecodingError(.bytesLeftOver) }
    }
}
