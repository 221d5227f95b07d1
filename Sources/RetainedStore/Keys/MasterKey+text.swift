internal import CLibcrypto

extension MasterKey {
    /// A key as text: 64 hexadecimal digits or base64 (either alphabet, padding optional), with white space around it.
    ///
    /// - Throws: `MasterKeyError.notAKeyText`.
    public init(text: UnsafeRawBufferPointer) throws(MasterKeyError) {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else {
            throw .notAKeyText
        }
        let digits = UnsafeRawBufferPointer(rebasing: text[first...last])
        var isKey = false
        let key = SecretBytes(count: Self.keyBytes) { key in
            isKey = Self.decodeHexadecimal(digits, into: key) || Self.decodeBase64(digits, into: key)
        }
        guard isKey else { throw .notAKeyText }
        try self.init(key: key)
    }

    /// A key as text: 64 hexadecimal digits or base64, with white space around it.
    ///
    /// - Throws: `MasterKeyError.notAKeyText`.
    public init(text: String) throws(MasterKeyError) {
        var text = text
        self = try Self.withBytes(of: &text) { bytes throws(MasterKeyError) in try MasterKey(text: bytes) }
    }

    /// Calls `body` with the key as a key file holds it: 44 characters of base64 and a line end; `nil` for a passphrase.
    ///
    /// The pointer is valid within `body` only, and the text is wiped afterwards.
    public func withKeyText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard case .key(let key, _) = material else { return nil }
        let text = SecretBytes(count: 45) { text in key.withUnsafeBytes { Self.encodeBase64($0, into: text) } }
        return try text.withUnsafeBytes(body)
    }

    /// The bytes of a string, without copying where it can be avoided.
    static func withBytes<Result>(
        of text: inout String,
        _ body: (UnsafeRawBufferPointer) throws(MasterKeyError) -> Result
    ) throws(MasterKeyError) -> Result {
        var outcome: Swift.Result<Result, MasterKeyError>?
        text.withUTF8 { utf8 in
            do throws(MasterKeyError) {
                outcome = .success(try body(UnsafeRawBufferPointer(utf8)))
            } catch {
                outcome = .failure(error)
            }
        }
        guard let outcome else { throw .notAKeyText }
        return try outcome.get()
    }

    static func countWithoutLineEnd(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = bytes.count
        if count > 0, bytes[count - 1] == UInt8(ascii: "\n") { count -= 1 }
        if count > 0, count < bytes.count, bytes[count - 1] == UInt8(ascii: "\r") { count -= 1 }
        return count
    }

    private static func decodeHexadecimal(
        _ digits: UnsafeRawBufferPointer,
        into key: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard digits.count == 2 * key.count else { return false }
        for index in 0..<key.count {
            guard let high = Hexadecimal.value(ofDigit: digits[2 * index]),
                let low = Hexadecimal.value(ofDigit: digits[2 * index + 1])
            else { return false }
            key[index] = high << 4 | low
        }
        return true
    }

    /// Decodes 43 digits, and a padding character if there is one, into 32 bytes.
    private static func decodeBase64(
        _ digits: UnsafeRawBufferPointer,
        into key: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let digitsCount = 43
        guard digits.count == digitsCount || digits.count == digitsCount + 1 && digits[digitsCount] == UInt8(ascii: "=")
        else { return false }
        var bits: UInt32 = 0
        var bitsCount = 0
        var count = 0
        for digit in digits[..<digitsCount] {
            guard let value = base64Value(of: digit) else { return false }
            bits = bits << 6 | UInt32(value)
            bitsCount += 6
            guard bitsCount >= 8 else { continue }
            bitsCount -= 8
            key[count] = UInt8(truncatingIfNeeded: bits >> bitsCount)
            count += 1
        }
        // 43 digits are 258 bits: the last two say nothing and must be zero, so that every key has one text.
        return count == key.count && bits & 3 == 0
    }

    private static func base64Value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private static func encodeBase64(_ key: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) {
        let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for digit in 0..<43 {
            let bit = digit * 6
            let high = UInt16(key[bit / 8]) << 8
            let low = bit / 8 + 1 < key.count ? UInt16(key[bit / 8 + 1]) : 0
            let value = (high | low) >> (10 - UInt16(bit % 8)) & 63
            text[digit] = alphabet.utf8Start[Int(value)]
        }
        text[43] = UInt8(ascii: "=")
        text[44] = UInt8(ascii: "\n")
    }
}
