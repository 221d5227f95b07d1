/// TLS on a listener: the server's certificate, and what is asked of clients.
public struct TLSSettings: Sendable, Equatable {
    /// The oldest version of TLS that a client may speak (`tls_version`).
    public enum Version: String, Sendable, CaseIterable {
        case tls12 = "tlsv1.2"
        case tls13 = "tlsv1.3"
    }

    /// What becomes the user name of a client with a certificate.
    public enum UserNameSource: Sendable, Equatable {
        /// The common name (`use_identity_as_username`).
        case commonName
        /// The whole subject (`use_subject_as_username`).
        case subject
    }

    /// `certfile`
    public var certificateFile: ReferencedFile
    /// `keyfile`
    public var keyFile: ReferencedFile
    /// `cafile`
    public var authorityFile: ReferencedFile?
    /// `capath`
    public var authorityDirectory: ReferencedFile?
    /// `crlfile`
    public var revocationListFile: ReferencedFile?
    /// `require_certificate`
    public var requiresCertificate = false
    /// Whether a client's certificate must be valid now; false is `disable_client_cert_date_checks`.
    public var checksDates = true
    public var userNameSource: UserNameSource?
    public var minimumVersion = Version.tls12
    /// The suites of TLS 1.2, by OpenSSL's names (`ciphers`).
    public var ciphers: ReferencedText?

    public init(certificateFile: ReferencedFile, keyFile: ReferencedFile) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
