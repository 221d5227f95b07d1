import CLibcrypto

/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the client proves that it knows the password without sending it, and the server
/// proves that it knows what belongs to it. Without channel binding.
public struct ScramSHA256: AuthenticationMethod {
    public let name = "SCRAM-SHA-256"
    private let credentials: [[UInt8]: ScramCredential]
    /// Makes up salts for users that there are not, so that nobody learns which there are.
    private let secret: [UInt8]

    /// - Parameter credentials: by user name.
    public init(credentials: [[UInt8]: ScramCredential]) {
        self.credentials = credentials
        secret = Self.random(count: 32)
    }

    public func begin() -> any AuthenticationExchange {
        ScramExchange(method: self, nonce: ScramCredential.base64(Self.random(count: 18)))
    }

    /// The credential of a user, or one that no password fits.
    func credential(of user: [UInt8]) -> ScramCredential {
        if let known = credentials[user] { return known }
        let salt = ScramCredential.hmac(key: secret, user)
        return ScramCredential(
            salt: Array(salt.prefix(16)),
            iterations: ScramCredential.iterationsDefault,
            storedKey: Self.random(count: 32),
            serverKey: Self.random(count: 32)
        )
    }

    private static func random(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
