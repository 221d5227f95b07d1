internal import CLibcrypto

/// A secret that stands for a user in a header or in the password field: `latch_` and 256 random bits in base64url.
///
/// The prefix tells it from a password and from a JWT, and lets scanners find one that was published by mistake.
public struct APIToken: Sendable {
    private static let prefix = Array("latch_".utf8)
    private static let secretBytes = 32
    /// 43 characters stand for 32 bytes.
    private static let bytesCount = prefix.count + 43

    /// The token itself, to be shown once.
    public let text: String

    /// Draws a token.
    ///
    /// - Throws: ``PasswordHashError/notComputed`` without randomness.
    public static func random() throws(PasswordHashError) -> APIToken {
        var secret = [UInt8](repeating: 0, count: secretBytes)
        guard RAND_bytes(&secret, Int32(secret.count)) == 1 else { throw .notComputed }
        return APIToken(text: String(decoding: prefix, as: UTF8.self) + Base64URL.encoded(secret))
    }

    /// What a file keeps of it.
    public var digest: APITokenDigest { APITokenDigest(of: Array(text.utf8)) }

    /// Whether bytes have the form of a token.
    static func hasForm(_ bytes: [UInt8]) -> Bool {
        bytes.count == bytesCount && bytes.starts(with: prefix)
            && bytes.dropFirst(prefix.count).allSatisfy(Base64URL.isCharacter)
    }
}
