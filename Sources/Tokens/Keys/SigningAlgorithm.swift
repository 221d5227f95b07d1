/// The algorithms that are taken (RFC 7518 §3.1, RFC 8037 §3.1); each key is for one of them, whatever a token says.
enum SigningAlgorithm: String, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// Ed25519.
    case edDSA = "EdDSA"
}
