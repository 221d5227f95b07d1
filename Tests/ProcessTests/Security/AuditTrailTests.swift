import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// `audit_dest file`, from the start to the stop of a broker: every kind of event that an administrator and two clients make.
    @Suite struct AuditTrailTests {
        private static let secrets = [
            "marzipan", "zeppelin-payload", "halibut-password", "walnut-password", BrokerConfiguration.key,
        ]

        private let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// Events of a file in JSON, in order.
        private func events(_ name: String) throws -> [[String: Any]] {
            let text = try String(contentsOfFile: directory.file(name), encoding: .utf8)
            return try text.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
        }

        private func configuration(_ format: String) async throws -> BrokerConfiguration {
            var configuration = try BrokerConfiguration(in: directory)
            configuration.isVerbose = false
            configuration.allowsAnonymous = false
            configuration.acl = "user alice\ntopic readwrite alice/#\n"
            let passwords = directory.file("passwords")
            try await Client.run(
                Executable.latch(),
                ["passwd", "-c", "-b", passwords, "alice", "halibut-password"],
                in: directory
            )
            configuration.lines = [
                "password_file \(passwords)", "audit_dest file \(directory.file("audit"))", "audit_format \(format)",
            ]
            return configuration
        }

        private func publish(_ broker: RunningBroker, _ user: String, _ password: String, _ topic: String) async throws
        {
            try await Client.run(
                Executable.mosquittoPub(),
                [
                    "-h", "127.0.0.1", "-p", "\(broker.port)", "-i", "client-of-\(user)", "-u", user, "-P", password,
                    "-q", "1", "-r", "-t", topic, "-m", "zeppelin-payload",
                ],
                in: directory,
                expecting: nil
            )
        }

        @Test func everyEventIsOneLineAndNothingSecretIsInIt() async throws {
            let broker = try await configuration("json").start()
            try await publish(broker, "alice", "halibut-password", "alice/marzipan")
            try await publish(broker, "alice", "walnut-password", "alice/marzipan")
            try await publish(broker, "alice", "halibut-password", "foreign/marzipan")
            try await Client.run(
                Executable.mosquittoSub(),
                [
                    "-h", "127.0.0.1", "-p", "\(broker.port)", "-u", "alice", "-P", "halibut-password", "-t",
                    "marzipan/#", "-W", "2",
                ],
                in: directory,
                expecting: nil
            )
            let store = broker.configuration.storePath
            try await Client.run(Executable.latch(), ["health", store], in: directory)
            try await Client.run(Executable.latch(), ["key", "shred", store, "alice"], in: directory)
            // Moved away, as logrotate does it; the signals are answered in their order.
            try FileManager.default.moveItem(atPath: directory.file("audit"), toPath: directory.file("audit.1"))
            broker.process.signal(__libc_current_sigrtmin())
            _ = try await broker.process.wait(20, "the audit file is begun anew") { () -> Bool? in
                FileManager.default.fileExists(atPath: directory.file("audit")) ? true : nil
            }
            broker.process.signal(SIGHUP)
            _ = try await broker.process.wait(20, "the reload is told") { () -> Bool? in
                try events("audit").isEmpty ? nil : true
            }
            try await broker.stop()

            let before = try events("audit.1")
            let names = before.compactMap { $0["event"] as? String }
            #expect(
                names == [
                    "key_used", "start", "login", "logout", "login_refused", "login", "publish_denied", "logout",
                    "login",
                    "subscribe_denied", "logout", "command",
                ],
                "\(names)"
            )
            #expect(before[0]["action"] as? String == "create" && before[0]["key"] as? String == "$LATCH_KEY")
            #expect(before[2]["user"] as? String == "alice" && before[2]["client"] as? String == "client-of-alice")
            #expect(before[2]["proof"] as? String == "password")
            #expect(before[4]["user"] as? String == "alice" && before[4]["code"] as? String == "0x87")
            #expect(before[11]["verb"] as? String == "shred" && before[11]["detail"] as? String == "alice")
            #expect(try events("audit").compactMap { $0["event"] as? String } == ["reload", "stop"])
            for name in ["audit", "audit.1"] {
                let text = try String(contentsOfFile: directory.file(name), encoding: .utf8)
                for secret in Self.secrets { #expect(!text.contains(secret), "\(name)") }
                var status = stat()
                #expect(stat(directory.file(name), &status) == 0 && status.st_mode & 0o777 == 0o600)
            }
        }

        @Test func aStoreThatIsThereIsOpenedWithAKey() async throws {
            let broker = try await configuration("json").start()
            try await broker.stop()
            let again = try await broker.configuration.start()
            try await again.stop()
            let opened = try events("audit").filter { $0["event"] as? String == "key_used" }
            #expect(opened.compactMap { $0["action"] as? String } == ["create", "open"])
            var configuration = broker.configuration
            configuration.masterKey = String(repeating: "ab", count: 32)
            #expect(try await configuration.refusal().exit == .code(3))
            let refused = try #require(try events("audit").last)
            #expect(refused["event"] as? String == "key_refused" && refused["key"] as? String == "$LATCH_KEY")
        }

        @Test func commandsWithoutABrokerLeaveATrailWhereTheyAreTold() async throws {
            let broker = try await configuration("json").start()
            try await publish(broker, "alice", "halibut-password", "alice/marzipan")
            try await broker.stop()
            let store = broker.configuration.storePath
            let trail = ["--audit", directory.file("trail"), "--audit-format", "json"]
            for command in [["verify", store], ["retained", "count", store], ["key", "shred", store, "alice"]] {
                try await LatchProgram.run(command + trail, in: directory)
            }
            let refused = ["key", "remove", store, "00000000"]
            try await LatchProgram.run(refused + trail, in: directory, expecting: .code(1))
            for command in ["verify", "recover", "checkpoint"] {
                try await LatchProgram.run(
                    [command, store] + trail,
                    key: String(repeating: "ab", count: 32),
                    in: directory,
                    expecting: .code(3)
                )
            }
            let found = try events("trail")
            #expect(
                found.map { "\($0["event"] ?? "") \($0["command"] ?? $0["verb"] ?? "") \($0["detail"] ?? "")" } == [
                    "key_used verify ", "key_used retained count ", "key_used shred ", "command shred alice",
                    "command_failed key remove ", "key_refused verify ", "key_refused recover ",
                    "key_refused checkpoint ",
                ],
                "\(found)"
            )
            #expect(found.allSatisfy { $0["time"] is String })
            let text = try String(contentsOfFile: directory.file("trail"), encoding: .utf8)
            for secret in Self.secrets { #expect(!text.contains(secret)) }
        }

        @Test func aCommandWhoseTrailCannotBeWrittenDoesNothing() async throws {
            let broker = try await configuration("json").start()
            try await publish(broker, "alice", "halibut-password", "alice/marzipan")
            try await broker.stop()
            let store = broker.configuration.storePath
            let refused = try await LatchProgram.run(
                ["key", "shred", store, "alice", "--audit", directory.file("nowhere/trail")],
                in: directory,
                expecting: .code(2)
            )
            #expect(refused.standardError.contains("cannot open the audit file"))
            let counted = try await LatchProgram.run(["retained", "count", store], in: directory)
            #expect(counted.standardOutput.hasPrefix("1"), "\(counted.standardOutput)")
        }

        @Test func aReloadThatFailsIsTold() async throws {
            var configuration = try await configuration("json")
            let broker = try await configuration.start()
            configuration.acl = "topic frobnicate a b\n"
            try configuration.write()
            broker.process.signal(SIGHUP)
            _ = try await broker.process.wait(20, "the failure is told") { () -> Bool? in
                try events("audit").contains { $0["event"] as? String == "reload_failed" } ? true : nil
            }
            try await broker.stop()
        }

        /// A client identifier and a user name are a client's own words.
        @Test func aNameCannotForgeALine() async throws {
            let broker = try await configuration("text").start()
            func field(_ text: String) -> [UInt8] {
                [UInt8(text.utf8.count >> 8), UInt8(text.utf8.count & 0xFF)] + text.utf8
            }
            // A separator of lines, where a line feed would be malformed. Clean start, user name and password.
            let body =
                field("MQTT") + [4, 0xC2, 0, 60] + field("a\u{2028}time=2026 event=login user=admin")
                + field("b\" event=login user=\"admin") + field("x")
            let client = try Flood(of: 1, to: broker.port, sending: [0x10, UInt8(body.count)] + body)
            #expect(client.ended() == 1)
            try await broker.stop()
            let text = try String(contentsOfFile: directory.file("audit"), encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 4, "\(text)")
            #expect(lines.allSatisfy { $0.hasPrefix("time=") })
            #expect(lines.contains { $0.contains(#"client="a\u2028time=2026 event=login user=admin""#) }, "\(text)")
            #expect(lines.contains { $0.contains(#"user="b\" event=login user=\"admin""#) }, "\(text)")
        }
    }
}
