/// Base64 (RFC 4648 §4), the form in which password files hold salts and hashes.
enum Base64 {
    /// The bytes that a text stands for, or `nil` if it is not canonical: a foreign character, wrong padding, or bits
    /// set that no byte uses.
    ///
    /// - Parameter isPadded: whether the text is filled up with `=` to a multiple of four characters; PHC strings are not.
    static func decoded(_ text: [UInt8], isPadded: Bool = true) -> [UInt8]? {
        // One character beyond a multiple of four stands for six bits, which are no byte.
        guard isPadded ? text.count.isMultiple(of: 4) : text.count % 4 != 1 else { return nil }
        var end = text.count
        while isPadded, end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits = 0
        for character in text[..<end] {
            guard let value = value(of: character) else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
                buffer &= (1 << bits) - 1
            }
        }
        return buffer == 0 ? bytes : nil
    }

    /// The text that stands for bytes.
    ///
    /// - Parameter isPadded: whether it is filled up with `=`.
    static func encoded(_ bytes: [UInt8], isPadded: Bool = true) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * (3 - UInt32(group.count)))
            for position in 0..<4 {
                if position <= group.count {
                    text.append(alphabet[Int(bits >> (18 - 6 * UInt32(position)) & 63)])
                } else if isPadded {
                    text.append(UInt8(ascii: "="))
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
