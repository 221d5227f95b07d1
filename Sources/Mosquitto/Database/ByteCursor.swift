/// A place in bytes that nobody has checked: every reading says whether they were there.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int
    /// Where reading ends.
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer, from offset: Int, to end: Int) {
        self.bytes = bytes
        self.offset = offset
        self.end = min(end, bytes.count)
    }

    var remainingBytes: Int { end - offset }

    mutating func bigEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        integer(Value.self).map(Value.init(bigEndian:))
    }

    mutating func littleEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        integer(Value.self).map(Value.init(littleEndian:))
    }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= remainingBytes else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remainingBytes else { return false }
        offset += count
        return true
    }

    private mutating func integer<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        let count = Value.bitWidth / 8
        guard count <= remainingBytes else { return nil }
        defer { offset += count }
        return bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
    }
}
