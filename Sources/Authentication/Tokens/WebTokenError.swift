/// Why there can be no verifier of JWT.
public enum WebTokenError: Error, Sendable, Equatable {
    /// The bytes are no JWK Set.
    case notAKeySet
    /// None of the set's keys can be used: RSA with 2,048 to 8,192 bits, EC on P-256, or Ed25519, for signatures.
    case noUsableKey
    /// The URL is none, or neither `https` nor on this machine.
    case url
    /// The authorities' file cannot be read, or holds no certificate.
    case authorityFile
}
