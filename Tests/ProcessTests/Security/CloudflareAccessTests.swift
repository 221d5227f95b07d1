import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// The page about Cloudflare Access: its configuration, with somebody in Cloudflare's place.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct CloudflareAccessTests {
        private static let page =
            Executable.package + "Sources/LatchCommands/LatchCommands.docc/CloudflareAccess.md"

        /// The page's configuration files, in order.
        private static func files() throws -> [String] {
            let text = try String(contentsOfFile: page, encoding: .utf8)
            return text.components(separatedBy: "```text\n").dropFirst().map {
                $0.components(separatedBy: "```")[0]
            }
        }

        /// A text with one of its parts replaced, which must be there.
        private static func replace(_ part: String, in text: inout String, by other: String) throws {
            try #require(text.contains(part), "the page says nothing of \(part)")
            text = text.replacingOccurrences(of: part, with: other)
        }

        @Test func theConfigurationOfThePageWorks() async throws {
            let files = try Self.files()
            try #require(files.count == 2, "the page has lost its files")
            let directory = try TemporaryDirectory()
            var configuration = try BrokerConfiguration(in: directory)
            let authority = try await CertificateAuthority(in: directory)
            let server = try await authority.issue("keys", subject: "/CN=localhost")
            let keysPort = try FreePort.next()
            let (issuer, audience) = ("https://YOUR-TEAM.cloudflareaccess.com", "AUD-TAG-OF-DEVICES")
            var text = files[0]
            try Self.replace("listener 9001 ", in: &text, by: "listener \(configuration.port) ")
            try Self.replace("listener 9002 ", in: &text, by: "listener \(configuration.webSocketPort) ")
            try Self.replace("\(issuer)/cdn-cgi", in: &text, by: "https://localhost:\(keysPort)/cdn-cgi")
            text += "token_jwks_cafile \(authority.certificatePath)\n"
            try Self.replace("/etc/latch/aclfile", in: &text, by: configuration.aclPath)
            try Self.replace("/etc/latch/master.key", in: &text, by: directory.file("master.key"))
            try Self.replace("/var/lib/latch", in: &text, by: configuration.dataPath)
            if geteuid() == 0 { text += "user root\n" }
            configuration.wholeText = text
            configuration.acl = files[1]
            configuration.masterKey = nil
            try directory.write("master.key", BrokerConfiguration.key)
            let edge = try ChildProcess(
                Executable.node(),
                [
                    Executable.client("access_edge.js"), "\(keysPort)", "ws://127.0.0.1:\(configuration.port)/",
                    "ws://127.0.0.1:\(configuration.webSocketPort)/", issuer, audience, "https://mqtt.example.com",
                    server.certificatePath, server.keyPath,
                ],
                environment: ["NODE_PATH": "/usr/share/nodejs"],
                in: directory
            )
            _ = try await edge.wait(30, "keys can be had") { edge.standardOutput.contains("serving\n") ? true : nil }
            let broker = try await configuration.start()
            let exit = try await edge.end(withinSeconds: 150)
            #expect(exit == .code(0), "\(edge.log)\n\(broker.process.log.suffix(4_000))")
            #expect(edge.standardOutput.hasSuffix("all checks passed\n"))
            try await broker.stop()
            let log = broker.process.log
            #expect(log.contains("Token of 127.0.0.1:"))
            #expect(log.contains(" refused: audience."))
            #expect(log.contains("disconnected: token expired."))
            #expect(log.contains("keys of before stay in force"))
            // Every token begins so.
            #expect(!log.contains("eyJ"))
        }

        @Test func keysOfAServerThatNobodyVouchesForAreNotTaken() async throws {
            let directory = try TemporaryDirectory()
            let server = try await CertificateAuthority(in: directory).issue("keys", subject: "/CN=localhost")
            let other = try await CertificateAuthority("other", in: directory)
            let keysPort = try FreePort.next()
            let impostor = try ChildProcess(
                Executable.installed("/usr/bin/openssl", package: "openssl"),
                [
                    "s_server", "-accept", "127.0.0.1:\(keysPort)", "-cert", server.certificatePath, "-key",
                    server.keyPath, "-www",
                ],
                in: directory
            )
            _ = try await impostor.wait(30, "connections are taken") {
                impostor.standardOutput.contains("ACCEPT") ? true : nil
            }
            var configuration = try BrokerConfiguration(in: directory)
            configuration.lines = [
                "token_jwks_url https://localhost:\(keysPort)/", "token_jwks_cafile \(other.certificatePath)",
                "token_issuer i", "token_audience a",
            ]
            let broker = try await configuration.start()
            _ = try await broker.process.wait(30, "the keys were asked for") {
                broker.process.log.contains("keys for tokens from https://localhost:\(keysPort)/ cannot be had: ")
                    ? true : nil
            }
            #expect(broker.process.log.lowercased().contains("certificate"))
            try await broker.stop()
            impostor.signal(SIGKILL)
        }
    }
}
