import Foundation
import Testing

extension ProcessTests {
    /// `latch bench load` and `latch bench check` against a broker that speaks TLS.
    @Suite struct LoadTLSTests {
        private let directory: TemporaryDirectory
        private let authority: CertificateAuthority

        init() async throws {
            directory = try TemporaryDirectory()
            authority = try await CertificateAuthority(in: directory)
        }

        private func broker() async throws -> RunningBroker {
            let server = try await authority.issue("server", subject: "/CN=localhost")
            var configuration = try BrokerConfiguration(in: directory)
            configuration.listenerLines = ["certfile \(server.certificatePath)", "keyfile \(server.keyPath)"]
            return try await configuration.start()
        }

        private func load(
            _ url: String,
            _ arguments: [String],
            expecting exit: Exit = .code(0)
        ) async throws -> (report: [String: Any], errors: String) {
            let process = try ChildProcess(
                Executable.latch(),
                ["bench", "load", "--json", "--url", url] + arguments,
                in: directory
            )
            #expect(try await process.end() == exit, "\(process.standardError)")
            let report = try? JSONSerialization.jsonObject(with: Data(process.standardOutput.utf8)) as? [String: Any]
            return (report ?? [:], process.standardError)
        }

        @Test(arguments: ["mqtts", "wss"]) func everyMode(scheme: String) async throws {
            let broker = try await broker()
            let url = "\(scheme)://localhost:\(scheme == "mqtts" ? broker.port : broker.webSocketPort)"
            let trust = ["--cafile", authority.certificatePath]
            let record = ["--record", directory.file("record")]
            // Payloads of several records of TLS each, so that what has been decrypted is more than one read takes.
            let sizes = ["--topics", "100", "--payload-bytes", "50000"]
            let published = try await load(url, trust + record + sizes + ["--messages", "300", "--qos", "2"])
            #expect(published.report["acknowledged"] as? Int == 300)
            let check = try await Client.run(
                Executable.latch(),
                ["bench", "check", "--url", url] + trust + record,
                in: directory
            )
            #expect(check.contains("100"), "\(check)")
            let retained = try await load(url, trust + sizes + ["--mode", "retained", "--subscribers", "2"])
            #expect(retained.report["delivered"] as? Int == 200)
            // Fewer than what may wait for a subscriber, so that none is dropped.
            let live = ["--mode", "fanout", "--messages", "300", "--topics", "100", "--subscribers", "3"]
            #expect(try await load(url, trust + live).report["delivered"] as? Int == 900)
            let idle = try await load(url, trust + ["--mode", "idle", "--connections", "20", "--seconds", "0.1"])
            #expect(idle.report["alive"] as? Int == 20)
            try await broker.stop()
        }

        @Test func whoIsNotTrustedIsNotLoaded() async throws {
            let broker = try await broker()
            let url = "mqtts://127.0.0.1:\(broker.port)"
            let few = ["--messages", "100", "--topics", "10"]
            let unknown = try await load(url, few, expecting: .code(7))
            #expect(unknown.errors.contains("not trusted") && unknown.errors.contains("--cafile"), "\(unknown.errors)")
            let other = try await CertificateAuthority("other", in: directory)
            _ = try await load(url, few + ["--cafile", other.certificatePath], expecting: .code(7))
            // The same place by a name that is not in the certificate.
            let named = "mqtts://127.1:\(broker.port)"
            let wrong = try await load(named, few + ["--cafile", authority.certificatePath], expecting: .code(7))
            #expect(wrong.errors.contains("mismatch"), "\(wrong.errors)")
            #expect(try await load(url, few + ["--insecure"]).report["acknowledged"] as? Int == 100)
            let absent = try await load(url, few + ["--cafile", directory.file("none.crt")], expecting: .code(7))
            #expect(absent.errors.contains("none.crt: No such file"), "\(absent.errors)")
            let empty = try directory.write("empty.crt", "")
            _ = try await load(url, few + ["--cafile", empty], expecting: .code(1))
            _ = try await load("mqtt://127.0.0.1:\(broker.port)", few + ["--insecure"], expecting: .code(1))
            try await broker.stop()
        }
    }
}
