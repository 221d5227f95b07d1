/// MQTT's variable byte integer (1.5.5): seven bits a byte, the lowest first.
enum VariableByteInteger {
    private static let bytesMax = 4

    /// The value at a place, and where what follows it begins; `nil` if not all of it is there or it is too long.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer, at place: Int) -> (value: Int, end: Int)? {
        var value = 0
        var end = place
        while end < min(bytes.count, place + bytesMax) {
            let byte = bytes[end]
            value |= Int(byte & 0x7F) << (7 * (end - place))
            end += 1
            if byte & 0x80 == 0 { return (value, end) }
        }
        return nil
    }
}
