/// Bytes as transcripts write them: two digits each, blanks anywhere.
public enum Hexadecimal {
    /// - Precondition: `text` is hexadecimal.
    public static func bytes(_ text: String) -> [UInt8] {
        let digits = text.filter { !$0.isWhitespace }
        precondition(digits.count.isMultiple(of: 2), "two digits make a byte: \(text)")
        var bytes: [UInt8] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { preconditionFailure("not hexadecimal: \(text)") }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
