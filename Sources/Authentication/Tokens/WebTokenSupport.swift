/// Makes verifiers of JWT; the module that can stands behind this protocol, as it needs libraries that no other part of the program wants.
public protocol WebTokenSupport: Sendable {
    /// A verifier with the keys of a file.
    ///
    /// - Parameter keySet: a JWK Set (RFC 7517 §5).
    func verifier(_ rules: WebTokenRules, keySet: [UInt8]) throws(WebTokenError) -> any TokenVerifier

    /// A verifier that gets its keys from the issuer.
    func verifier(_ rules: WebTokenRules, keySetAt source: KeySetSource) throws(WebTokenError) -> any TokenVerifier
}
