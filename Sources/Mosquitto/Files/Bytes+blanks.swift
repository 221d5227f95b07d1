extension UInt8 {
    /// Whether C's `isspace` accepts the byte: a space, or tab to carriage return.
    var isBlank: Bool {
        self == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(self)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without blanks at their end.
    var trimmedAtEnd: ArraySlice<UInt8> {
        var trimmed = self
        while trimmed.last?.isBlank == true { trimmed.removeLast() }
        return trimmed
    }

    /// The bytes without blanks at either end.
    var trimmed: ArraySlice<UInt8> {
        trimmedAtEnd.drop { $0.isBlank }
    }

    /// Takes the next word off the front: leading spaces are skipped, and one space after the word is consumed.
    ///
    /// Only spaces separate words; a tab is an ordinary byte, as in mosquitto.
    ///
    /// - Returns: `nil` if only spaces are left.
    mutating func takeWord() -> ArraySlice<UInt8>? {
        let space = UInt8(ascii: " ")
        self = drop { $0 == space }
        guard !isEmpty else { return nil }
        let end = firstIndex(of: space) ?? endIndex
        let word = self[..<end]
        self = end < endIndex ? self[(end + 1)...] : self[end...]
        return word
    }

    /// The bytes for a message: what is not printable ASCII is escaped, and what is long is cut.
    var printable: String {
        var text = ""
        for byte in prefix(80) {
            if (0x20..<0x7F).contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                text += digits.count < 2 ? "\\x0\(digits)" : "\\x\(digits)"
            }
        }
        return count > 80 ? text + "…" : text
    }
}
