import Authentication
import Broker
import Mosquitto

extension TransportSecurity.Settings {
    /// What the directives of a listener ask for.
    init(_ settings: TLSSettings) {
        self.init(certificateFile: settings.certificateFile.path, keyFile: settings.keyFile.path)
        minimumVersion = settings.minimumVersion == .tls13 ? .tls13 : .tls12
        ciphers = settings.ciphers?.text
        guard settings.requiresCertificate else { return }
        var clients = TransportSecurity.ClientCertificates()
        clients.authorityFile = settings.authorityFile?.path
        clients.authorityDirectory = settings.authorityDirectory?.path
        clients.revocationListFile = settings.revocationListFile?.path
        clients.checksDates = settings.checksDates
        switch settings.userNameSource {
        case .commonName: clients.userNameSource = .commonName
        case .subject: clients.userNameSource = .subject
        case nil: break
        }
        clientCertificates = clients
    }
}

extension CommandFailure {
    /// Which line of the configuration names what cannot be used for TLS.
    init(_ error: TransportSecurityError, _ settings: TLSSettings) {
        let (file, problem): (ReferencedFile?, String) =
            switch error {
            case .certificate: (settings.certificateFile, "certfile cannot be read, or holds no PEM certificate")
            case .privateKey:
                (settings.keyFile, "keyfile cannot be read, or holds no PEM key without a passphrase (RSA or ECDSA)")
            case .keyMismatch: (settings.keyFile, "keyfile does not belong to the first certificate of certfile")
            case .ciphers:
                (
                    nil,
                    "ciphers must list suites of TLS 1.2 by name, ECDHE-RSA-AES128-GCM-SHA256 for instance, and the TLS library must have one of them"
                )
            case .clientAuthorities(.authorityFile):
                (settings.authorityFile, "cafile cannot be read, or holds no PEM certificate")
            case .clientAuthorities(.authorityDirectory): (settings.authorityDirectory, "capath cannot be read")
            case .clientAuthorities(.revocationList):
                (settings.revocationListFile, "crlfile cannot be read, or holds no PEM revocation list")
            case .clientAuthorities(.memory): (settings.certificateFile, "there is no memory for certificates")
            }
        let location = file?.location ?? settings.ciphers?.location ?? settings.certificateFile.location
        let path = file.map { " (\($0.path))" } ?? ""
        self.init(.configuration, "\(location): \(problem)\(path); correct the file or the line")
    }
}
