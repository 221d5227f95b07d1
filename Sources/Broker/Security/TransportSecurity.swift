import Authentication
import NIOCore
import NIOSSL
import Synchronization

/// TLS on a listener; its certificates may be replaced while it accepts connections.
///
/// A connection keeps what it was accepted with. ``Materials`` are read away from the event loops and put in place as a whole.
public final class TransportSecurity: Sendable {
    /// The oldest version of TLS that a client may speak.
    public enum Version: Sendable, Hashable {
        case tls12
        case tls13
    }

    /// What becomes the user name of a client with a certificate.
    public enum UserNameSource: Sendable, Hashable {
        /// The certificate's first common name (`use_identity_as_username`).
        case commonName
        /// The certificate's whole subject (`use_subject_as_username`).
        case subject
    }

    /// How clients are checked that must have a certificate (`require_certificate`).
    public struct ClientCertificates: Sendable, Hashable {
        /// PEM certificates of authorities (`cafile`).
        public var authorityFile: String?
        /// Authorities under their subject hashes (`capath`).
        public var authorityDirectory: String?
        /// PEM revocation lists (`crlfile`).
        public var revocationListFile: String?
        /// Whether a certificate must be valid now; false is `disable_client_cert_date_checks`.
        public var checksDates = true
        /// Where the user name comes from; `nil`: from CONNECT, as without a certificate.
        public var userNameSource: UserNameSource?

        public init() {}
    }

    /// Where a listener's certificates are and what it offers.
    public struct Settings: Sendable, Hashable {
        /// PEM, the server's certificate first, then those that lead to its authority (`certfile`).
        public var certificateFile: String
        /// PEM, not encrypted (`keyfile`).
        public var keyFile: String
        /// `tls_version`
        public var minimumVersion = Version.tls12
        /// The suites of TLS 1.2, by the names that OpenSSL has for them and separated by colons (`ciphers`); `nil` for the library's own
        /// choice. Suites that the library does not have are left out.
        public var ciphers: String?
        /// `nil`: clients are not asked for a certificate.
        public var clientCertificates: ClientCertificates?

        public init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Certificates and keys as they were at one moment.
    public struct Materials: Sendable {
        let context: NIOSSLContext
        let verifier: ClientCertificateVerifier?
    }

    let userNameSource: UserNameSource?
    private let materials: Mutex<Materials>

    public init(_ settings: Settings, _ materials: Materials) {
        userNameSource = settings.clientCertificates?.userNameSource
        self.materials = Mutex(materials)
    }

    /// Puts other certificates in place, for connections that are accepted from now on.
    public func replace(_ next: Materials) {
        materials.withLock { $0 = next }
    }

    /// Puts TLS at the front of an accepted connection.
    func addHandlers(to channel: any Channel, log: HandshakeHandler) throws {
        let materials = materials.withLock { $0 }
        let handler: NIOSSLServerHandler
        if let verifier = materials.verifier {
            handler = NIOSSLServerHandler(context: materials.context) { chain, verdict in
                let der = try? chain.map { try $0.toDERBytes() }
                verdict.succeed(der.map(verifier.accepts) == true ? .certificateVerified : .failed)
            }
        } else {
            handler = NIOSSLServerHandler(context: materials.context)
        }
        try channel.pipeline.syncOperations.addHandlers(handler, log)
    }

    /// The user name that a client's certificate states.
    ///
    /// - Returns: `nil` where the certificate has no name that could be one.
    static func userName(of channel: any Channel, from source: UserNameSource) -> [UInt8]? {
        guard let handler = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let der = try? handler.peerCertificate?.toDERBytes(), let certificate = ClientCertificate(der: der)
        else { return nil }
        return switch source {
        case .commonName: certificate.commonName
        case .subject: certificate.subject
        }
    }
}
