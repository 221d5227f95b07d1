public import Authentication

/// Which part of a listener's TLS cannot be used.
public enum TransportSecurityError: Error, Sendable, Equatable {
    /// The file of the server's certificates cannot be read, or holds none.
    case certificate
    /// The key cannot be read, is encrypted, or is of a kind that is not supported.
    case privateKey
    /// The key does not belong to the certificate.
    case keyMismatch
    /// None of the suites is known.
    case ciphers
    /// What clients' certificates are checked against cannot be used.
    case clientAuthorities(CertificateError)
}
