import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// Listeners with TLS, with certificates made by the `openssl` command and Debian's clients.
    @Suite struct TLSTests {
        private let directory: TemporaryDirectory
        private let authority: CertificateAuthority

        init() async throws {
            directory = try TemporaryDirectory()
            authority = try await CertificateAuthority(in: directory)
        }

        /// A broker both of whose listeners speak TLS.
        private func broker(
            _ lines: [String] = [],
            edit: (inout BrokerConfiguration) -> Void = { _ in }
        ) async throws -> RunningBroker {
            let server = try await authority.issue("server", subject: "/CN=localhost")
            var configuration = try BrokerConfiguration(in: directory)
            configuration.listenerLines = ["certfile \(server.certificatePath)", "keyfile \(server.keyPath)"] + lines
            edit(&configuration)
            return try await configuration.start()
        }

        private func certificate(_ issued: CertificateAuthority.Issued) -> [String] {
            ["--cert", issued.certificatePath, "--key", issued.keyPath]
        }

        private func pem(_ issued: CertificateAuthority.Issued) -> [String] {
            ["-cert", issued.certificatePath, "-key", issued.keyPath]
        }

        /// `mosquitto_pub` of a retained message, and what `mosquitto_sub` then finds there.
        private func exchange(
            _ broker: RunningBroker,
            _ topic: String,
            _ arguments: [String],
            expecting exit: Exit = .code(0),
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let common = ["-h", "127.0.0.1", "-p", "\(broker.port)", "--cafile", authority.certificatePath] + arguments
            try await Client.run(
                Executable.mosquittoPub(),
                common + ["-q", "1", "-r", "-t", topic, "-m", "sealed"],
                in: directory,
                expecting: exit,
                location
            )
            guard exit == .code(0) else { return }
            let output = try await Client.run(
                Executable.mosquittoSub(),
                common + ["-t", topic, "-C", "1", "-W", "20"],
                in: directory,
                location
            )
            #expect(output == "sealed\n", sourceLocation: location)
        }

        @Test(arguments: ["tlsv1.2", "tlsv1.3"])
        func mosquittosClientsTrustTheServer(version: String) async throws {
            let broker = try await broker()
            try await exchange(broker, "a", ["--tls-version", version])
            try await broker.stop()
        }

        @Test(arguments: ["tcp", "websockets"])
        func pahoOverBothTransports(transport: String) async throws {
            let broker = try await broker()
            let output = try await Client.run(
                Executable.python(),
                [
                    Executable.client("paho_exchange.py"), "--version", "5.0", "--transport", transport, "--port",
                    "\(transport == "tcp" ? broker.port : broker.webSocketPort)", "--cafile",
                    authority.certificatePath,
                ],
                in: directory,
                withinSeconds: 120
            )
            #expect(output.hasSuffix("all checks passed\n"))
            try await broker.stop()
        }

        /// The handshake alone, of TLS 1.2, in which the client hears of its refusal.
        private func handshake(
            _ broker: RunningBroker,
            _ arguments: [String],
            expecting exit: Exit,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            try await Client.run(
                Executable.installed("/usr/bin/openssl", package: "openssl"),
                ["s_client", "-connect", "127.0.0.1:\(broker.port)", "-CAfile", authority.certificatePath, "-tls1_2"]
                    + arguments,
                in: directory,
                expecting: exit,
                location
            )
        }

        @Test func anOlderVersionThanTheConfiguredIsRefused() async throws {
            let broker = try await broker(["tls_version tlsv1.3"])
            try await handshake(broker, [], expecting: .code(1))
            try await exchange(broker, "a", ["--tls-version", "tlsv1.3"])
            try await broker.stop()
        }

        @Test func onlyTheConfiguredSuitesOfTLS12AreSpoken() async throws {
            let broker = try await broker(["ciphers ECDHE-ECDSA-AES256-GCM-SHA384"])
            try await handshake(broker, ["-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], expecting: .code(1))
            try await handshake(broker, ["-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"], expecting: .code(0))
            try await broker.stop()
        }

        @Test func clientsWithoutACertificateOfTheAuthorityStayOutside() async throws {
            let alice = try await authority.issue("alice", subject: "/CN=alice")
            let stranger = try await CertificateAuthority("stranger", in: directory)
            let forged = try await stranger.issue("forged", subject: "/CN=alice")
            let expired = try await authority.issue("expired", subject: "/CN=alice", days: -1)
            let broker = try await broker(["cafile \(authority.certificatePath)", "require_certificate true"])
            try await exchange(broker, "a", certificate(alice))
            try await handshake(broker, pem(alice), expecting: .code(0))
            try await handshake(broker, [], expecting: .code(1))
            try await handshake(broker, pem(forged), expecting: .code(1))
            try await handshake(broker, pem(expired), expecting: .code(1))
            // mosquitto_pub speaks TLS 1.3, in which the refusal comes when the client believes itself inside.
            try await exchange(broker, "a", certificate(forged), expecting: .code(7))
            let lines = broker.process.log.split(separator: "\n").filter { $0.contains("TLS handshake failed.") }
            #expect(lines.count == 4)
            #expect(lines.allSatisfy { $0.contains("Client <unknown> [127.0.0.1:") })
            try await broker.stop()
        }

        @Test func aRevokedCertificateOpensNothing() async throws {
            let alice = try await authority.issue("alice", subject: "/CN=alice")
            let bob = try await authority.issue("bob", subject: "/CN=bob")
            let list = try await authority.revocationList(bob)
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "crlfile \(list)", "require_certificate true",
            ])
            try await exchange(broker, "a", certificate(alice))
            try await handshake(broker, pem(bob), expecting: .code(1))
            try await broker.stop()
        }

        @Test func authoritiesMayLieInADirectoryUnderTheirHashes() async throws {
            let alice = try await authority.issue("alice", subject: "/CN=alice")
            let stranger = try await CertificateAuthority("stranger", in: directory)
            let forged = try await stranger.issue("forged", subject: "/CN=alice")
            let authorities = directory.file("authorities")
            try FileManager.default.createDirectory(atPath: authorities, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: authority.certificatePath, toPath: authorities + "/authority.crt")
            try await Client.run(
                Executable.installed("/usr/bin/openssl", package: "openssl"),
                ["rehash", authorities],
                in: directory
            )
            let broker = try await broker(["capath \(authorities)", "require_certificate true"])
            try await exchange(broker, "a", certificate(alice))
            try await handshake(broker, pem(alice), expecting: .code(0))
            try await handshake(broker, pem(forged), expecting: .code(1))
            try await handshake(broker, [], expecting: .code(1))
            try await broker.stop()
        }

        @Test func theDatesOfClientsMayBeLeftUnchecked() async throws {
            let expired = try await authority.issue("expired", subject: "/CN=alice", days: -1)
            let stranger = try await CertificateAuthority("stranger", in: directory)
            let forged = try await stranger.issue("forged", subject: "/CN=alice")
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "require_certificate true",
                "disable_client_cert_date_checks true",
            ])
            try await handshake(broker, pem(expired), expecting: .code(0))
            try await exchange(broker, "a", certificate(expired))
            // Everything else is checked as before.
            try await handshake(broker, pem(forged), expecting: .code(1))
            try await broker.stop()
        }

        @Test func hangUpBringsTheListOfRevokedCertificates() async throws {
            let alice = try await authority.issue("alice", subject: "/CN=alice")
            let bob = try await authority.issue("bob", subject: "/CN=bob")
            let list = try await authority.revocationList()
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "crlfile \(list)", "require_certificate true",
            ])
            try await handshake(broker, pem(bob), expecting: .code(0))
            // The same file, as it is renewed.
            _ = try await authority.revocationList(bob)
            broker.process.signal(SIGHUP)
            // The signal has no answer: try until bob stays outside.
            let deadline = ContinuousClock.now + .seconds(20)
            var exit: Exit?
            while exit != .code(1), ContinuousClock.now < deadline {
                let client = try ChildProcess(
                    Executable.installed("/usr/bin/openssl", package: "openssl"),
                    ["s_client", "-connect", "127.0.0.1:\(broker.port)", "-tls1_2"] + pem(bob),
                    in: directory
                )
                exit = try await client.end()
            }
            #expect(exit == .code(1))
            try await handshake(broker, pem(alice), expecting: .code(0))
            try await broker.stop()
        }

        @Test func theCommonNameIsTheUserWhateverConnectSays() async throws {
            let alice = try await authority.issue("alice", subject: "/O=example/CN=alice")
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "require_certificate true", "use_identity_as_username true",
            ]) {
                $0.acl = "user alice\ntopic readwrite alice/#\n"
                $0.allowsAnonymous = false
            }
            try await exchange(broker, "alice/a", certificate(alice))
            try await exchange(broker, "alice/b", certificate(alice) + ["-u", "mallory", "-P", "x"])
            #expect(broker.process.log.contains("u'alice')"))
            #expect(!broker.process.log.contains("mallory"))
            try await broker.stop()
        }

        @Test func aCertificateCountsBeforeAToken() async throws {
            let alice = try await authority.issue("alice", subject: "/CN=alice")
            let token = try await Client.run(
                Executable.latch(),
                ["token", "-c", directory.file("tokens"), "robot"],
                in: directory
            )
            .trimmingCharacters(in: .newlines)
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "require_certificate true", "use_identity_as_username true",
            ]) {
                $0.lines = ["audit_dest log", "api_token_file \(directory.file("tokens"))"]
                $0.acl = "user alice\ntopic readwrite alice/#\n\nuser robot\ntopic readwrite robot/#\n"
                $0.allowsAnonymous = false
            }
            let both = certificate(alice) + ["-u", "robot", "-P", token]
            try await exchange(broker, "alice/a", both)
            // What the token's user might do, the certificate's may not.
            try await Client.run(
                Executable.mosquittoSub(),
                ["-h", "127.0.0.1", "-p", "\(broker.port)", "--cafile", authority.certificatePath, "-t", "robot/#"]
                    + both
                    + ["-E"],
                in: directory,
                expecting: nil
            )
            #expect(broker.process.log.contains("event=subscribe_denied client="))
            #expect(broker.process.log.contains("u'alice')"))
            #expect(!broker.process.log.contains("u'robot')"))
            try await broker.stop()
        }

        @Test func theSubjectIsTheUserAsRFC2253WritesIt() async throws {
            let alice = try await authority.issue("alice", subject: "/O=example/CN=zoë")
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "require_certificate true", "use_subject_as_username true",
            ]) { $0.acl = "user CN=zo\\C3\\AB,O=example\ntopic readwrite zoe/#\n" }
            try await exchange(broker, "zoe/a", certificate(alice))
            try await broker.stop()
        }

        @Test func aCertificateWithoutANameIsNobody() async throws {
            let nameless = try await authority.issue("nameless", subject: "/O=example")
            let broker = try await broker([
                "cafile \(authority.certificatePath)", "require_certificate true", "use_identity_as_username true",
            ])
            try await exchange(broker, "a", certificate(nameless), expecting: .code(4))
            try await broker.stop()
        }

        @Test func hangUpBringsNewCertificatesAndDropsNobody() async throws {
            let broker = try await broker()
            let subscriber = try await LiveSubscriber(to: broker, "--cafile", authority.certificatePath, "-t", "live")
            let successor = try await CertificateAuthority("successor", in: directory)
            // The same file names, as a renewed certificate has them.
            _ = try await successor.issue("server", subject: "/CN=localhost")
            broker.process.signal(SIGHUP)
            let publish = ["-h", "127.0.0.1", "-p", "\(broker.port)", "-t", "live", "-m", "renewed", "-q", "1"]
            _ = try await broker.process.wait(30, "the new certificate is in place") { () -> Bool? in
                broker.process.log.contains("Reloading config.") ? true : nil
            }
            // The signal has no answer: try until the new authority is the right one.
            let deadline = ContinuousClock.now + .seconds(20)
            var exit: Exit?
            while exit != .code(0), ContinuousClock.now < deadline {
                let client = try ChildProcess(
                    Executable.mosquittoPub(),
                    publish + ["--cafile", successor.certificatePath],
                    in: directory
                )
                exit = try await client.end()
            }
            try await subscriber.wait(for: "live 0 0 renewed")
            try await broker.stop()
        }

        @Test func whatCannotBeUsedIsRefusedByItsLine() async throws {
            let server = try await authority.issue("server", subject: "/CN=localhost")
            let other = try await authority.issue("other", subject: "/CN=other")
            let pairs = [
                (server.certificatePath, directory.file("missing"), "3: keyfile cannot be read"),
                (directory.file("missing"), server.keyPath, "2: certfile cannot be read"),
                (server.keyPath, server.keyPath, "2: certfile cannot be read"),
                (server.certificatePath, other.keyPath, "3: keyfile does not belong"),
            ]
            for (certificate, key, refusal) in pairs {
                try await expectRefusal(refusal, ["certfile \(certificate)", "keyfile \(key)"])
            }
            let valid = ["certfile \(server.certificatePath)", "keyfile \(server.keyPath)"]
            try await expectRefusal("4: ciphers must list suites", valid + ["ciphers HIGH:!aNULL"])
            try await expectRefusal(
                "4: cafile cannot be read",
                valid + ["cafile \(directory.file("missing"))", "require_certificate true"]
            )
            try await expectRefusal(
                "5: crlfile cannot be read",
                valid + [
                    "cafile \(authority.certificatePath)", "crlfile \(server.keyPath)", "require_certificate true",
                ]
            )
        }

        private func expectRefusal(
            _ words: String,
            _ lines: [String],
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            var configuration = try BrokerConfiguration(in: directory)
            configuration.listenerLines = lines
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(2), sourceLocation: location)
            #expect(log.contains("\(configuration.configurationPath):\(words)"), "\(log)", sourceLocation: location)
        }
    }
}
