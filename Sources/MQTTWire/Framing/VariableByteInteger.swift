/// Sizes of variable byte integers (1.5.5 Variable Byte Integer).
enum VariableByteInteger {
    /// How many bytes `value` takes, 1…4.
    @inline(__always)
    static func byteCount(of value: Int) -> Int {
        switch value {
        case ..<0x80: 1
        case ..<0x4000: 2
        case ..<0x20_0000: 3
        default: 4
        }
    }
}
