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

    /// The suites of TLS 1.2, in OpenSSL's notation (`ciphers`).
    public struct Ciphers: Sendable, Equatable {
        public var list: String
        public var location: SourceLocation

        public init(list: String, location: SourceLocation) {
            self.list = list
            self.location = location
        }
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
    public var ciphers: Ciphers?

    public init(certificateFile: ReferencedFile, keyFile: ReferencedFile) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
