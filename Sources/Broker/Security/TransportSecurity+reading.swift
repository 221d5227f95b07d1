import Authentication
import NIOSSL

extension TransportSecurity.Materials {
    /// Reads what the settings name.
    ///
    /// - Throws: ``TransportSecurityError``, which says which file is at fault.
    public init(_ settings: TransportSecurity.Settings) throws(TransportSecurityError) {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try Self.certificates(settings.certificateFile).map { .certificate($0) },
            privateKey: .privateKey(try Self.privateKey(settings.keyFile))
        )
        configuration.minimumTLSVersion = settings.minimumVersion == .tls13 ? .tlsv13 : .tlsv12
        if let ciphers = settings.ciphers {
            configuration.cipherSuiteValues = try CipherSuiteNames.suites(ciphers)
        }
        verifier = try settings.clientCertificates.map { clients throws(TransportSecurityError) in
            try Self.verifier(clients)
        }
        if let clients = settings.clientCertificates {
            configuration.certificateVerification = .noHostnameVerification
            // The verifier decides; here they are only named to the client, which may choose its certificate by them.
            configuration.trustRoots = .certificates(try Self.authorities(clients))
            configuration.sendCANameList = true
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .keyMismatch
        }
    }

    private static func certificates(_ path: String) throws(TransportSecurityError) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            if !certificates.isEmpty { return certificates }
        } catch {}
        throw .certificate
    }

    private static func privateKey(_ path: String) throws(TransportSecurityError) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch {
            throw .privateKey
        }
    }

    private static func authorities(
        _ clients: TransportSecurity.ClientCertificates
    ) throws(TransportSecurityError) -> [NIOSSLCertificate] {
        guard let file = clients.authorityFile else { return [] }
        do {
            return try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw .clientAuthorities(.authorityFile)
        }
    }

    private static func verifier(
        _ clients: TransportSecurity.ClientCertificates
    ) throws(TransportSecurityError) -> ClientCertificateVerifier {
        do throws(CertificateError) {
            return try ClientCertificateVerifier(
                authorityFile: clients.authorityFile,
                authorityDirectory: clients.authorityDirectory,
                revocationListFile: clients.revocationListFile,
                checksDates: clients.checksDates
            )
        } catch {
            throw .clientAuthorities(error)
        }
    }
}
