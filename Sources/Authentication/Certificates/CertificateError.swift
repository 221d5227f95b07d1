/// Why certificates or revocation lists that clients are checked against cannot be used.
public enum CertificateError: Error, Sendable, Equatable {
    /// The file of authorities cannot be read, or holds no certificate.
    case authorityFile
    /// The directory of authorities cannot be read.
    case authorityDirectory
    /// The revocation list cannot be read, or holds no list.
    case revocationList
    /// libcrypto has no memory.
    case memory
}
