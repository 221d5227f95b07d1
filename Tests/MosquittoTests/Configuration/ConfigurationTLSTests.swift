import Mosquitto
import Testing

/// TLS belongs to the listener that its lines follow.
struct ConfigurationTLSTests {
    @Test func aListenerHasWhatItsLinesSay() throws {
        let listeners = try MosquittoConfiguration.of(
            "listener 1883",
            "listener 8883",
            "cafile ca.crt",
            "capath authorities",
            "certfile server.crt",
            "keyfile server.key",
            "crlfile revoked.crl",
            "require_certificate true",
            "use_identity_as_username true",
            "tls_version tlsv1.3",
            "ciphers ECDHE-RSA-AES128-GCM-SHA256"
        ).listeners
        #expect(listeners[0].tls == nil)
        let tls = try #require(listeners[1].tls)
        #expect(tls.certificateFile.path == "server.crt")
        #expect(tls.certificateFile.location.line == 5)
        #expect(tls.keyFile.path == "server.key")
        #expect(tls.authorityFile?.path == "ca.crt")
        #expect(tls.authorityDirectory?.path == "authorities")
        #expect(tls.revocationListFile?.path == "revoked.crl")
        #expect(tls.requiresCertificate)
        #expect(tls.checksDates)
        #expect(tls.userNameSource == .commonName)
        #expect(tls.minimumVersion == .tls13)
        #expect(tls.ciphers?.text == "ECDHE-RSA-AES128-GCM-SHA256")
    }

    @Test func whatAsksForNothingNeedsNoCertificate() throws {
        let configuration = try MosquittoConfiguration.of(
            "listener 1883",
            "require_certificate false",
            "use_identity_as_username 0",
            "use_subject_as_username false",
            "disable_client_cert_date_checks false"
        )
        #expect(configuration.onlyListener?.tls == nil)
    }

    @Test func clientsAreNotAskedForCertificatesByDefault() throws {
        let configuration = try MosquittoConfiguration.of("listener 8883", "certfile a", "keyfile b", "cafile c")
        let tls = try #require(configuration.onlyListener?.tls)
        #expect(!tls.requiresCertificate)
        #expect(tls.userNameSource == nil)
        #expect(tls.minimumVersion == .tls12)
        #expect(tls.ciphers == nil)
    }

    @Test func withBothTheCommonNameIsTaken() throws {
        let configuration = try MosquittoConfiguration.of(
            "listener 8883",
            "certfile a",
            "keyfile b",
            "cafile c",
            "require_certificate true",
            "use_subject_as_username true",
            "use_identity_as_username true",
            "disable_client_cert_date_checks true"
        )
        #expect(configuration.onlyListener?.tls?.userNameSource == .commonName)
        #expect(configuration.onlyListener?.tls?.checksDates == false)
    }

    @Test func theDefaultListenerMayHaveTLSToo() throws {
        let configuration = try MosquittoConfiguration.of("port 8883", "certfile a", "keyfile b")
        #expect(configuration.onlyListener?.tls?.keyFile.path == "b")
    }
}
