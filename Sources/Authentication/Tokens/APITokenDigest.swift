internal import CLibcrypto

/// What a file keeps of an ``APIToken``: `sha256:` and the SHA-256 of the token's text in hexadecimal.
///
/// One round of SHA-256 is no protection for a password; the 256 random bits of a token need none.
public struct APITokenDigest: Sendable, Hashable {
    private static let mark = Array("sha256:".utf8)
    private static let bytesCount = 32

    private let bytes: [UInt8]

    init(of token: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Self.bytesCount)
        var count = 0
        let result = EVP_Q_digest(nil, "SHA256", nil, token, token.count, &digest, &count)
        precondition(result == 1 && count == Self.bytesCount, "libcrypto computes no SHA-256")
        bytes = digest
    }

    /// Reads what ``text`` writes.
    ///
    /// - Returns: `nil` for anything else.
    public init?(parsing text: [UInt8]) {
        guard text.starts(with: Self.mark), text.count == Self.mark.count + 2 * Self.bytesCount else { return nil }
        var bytes: [UInt8] = []
        var digits = text.dropFirst(Self.mark.count)
        while let high = digits.popFirst(), let low = digits.popFirst() {
            guard let high = Self.value(of: high), let low = Self.value(of: low) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// The digest as it stands behind a user's name in a file.
    public var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: Self.mark + hexadecimal, as: UTF8.self)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
