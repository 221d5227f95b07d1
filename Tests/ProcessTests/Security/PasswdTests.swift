import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// `latch passwd` and mosquitto_passwd change the same files, and each broker reads what the other tool wrote.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct PasswdTests {
        private let directory: TemporaryDirectory
        private var file: String { directory.file("passwords") }

        init() throws {
            directory = try TemporaryDirectory()
        }

        private func latch(_ arguments: String..., expecting exit: Exit = .code(0)) async throws {
            try await Client.run(Executable.broker(), ["passwd"] + arguments, in: directory, expecting: exit)
        }

        private func mosquitto(_ arguments: String...) async throws {
            try await Client.run(
                Executable.installed("/usr/bin/mosquitto_passwd", package: "mosquitto"),
                arguments,
                in: directory
            )
        }

        private func expectLogins(
            to broker: RunningBroker,
            _ logins: [(user: String, password: String, isRight: Bool)]
        ) async throws {
            for login in logins {
                try await Client.publish(
                    to: broker,
                    "-u",
                    login.user,
                    "-P",
                    login.password,
                    "-q",
                    "1",
                    "-t",
                    "a",
                    "-m",
                    "x",
                    expecting: login.isRight ? .code(0) : .code(5)
                )
            }
        }

        private func broker() async throws -> RunningBroker {
            var configuration = try BrokerConfiguration(in: directory)
            configuration.allowsAnonymous = false
            configuration.lines = ["password_file \(file)"]
            return try await configuration.start()
        }

        @Test func everySchemeOfEitherToolAdmitsItsUser() async throws {
            try await mosquitto("-c", "-b", file, "old", "old secret")
            try await mosquitto("-H", "sha512", "-b", file, "older", "older secret")
            try await latch("-b", file, "new", "new:secret")
            try await latch("-H", "sha512-pbkdf2", "-I", "500", "-b", file, "new7", "-secret")
            try await latch("-H", "sha512", "-b", file, "new6", "secret")
            let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
            let schemes = text.split(separator: "\n").map { $0.split(separator: "$")[1] }
            #expect(schemes == ["7", "6", "argon2id", "7", "6"])
            let broker = try await broker()
            try await expectLogins(
                to: broker,
                [
                    ("old", "old secret", true), ("older", "older secret", true), ("new", "new:secret", true),
                    ("new7", "-secret", true), ("new6", "secret", true),
                    ("new", "secret", false), ("new7", "secret", false), ("nobody", "secret", false),
                ]
            )
            try await broker.stop()
        }

        @Test func mosquittoReadsWhatLatchWrote() async throws {
            try await latch("-H", "sha512-pbkdf2", "-c", "-b", file, "alice", "secret")
            let port = try FreePort.next()
            let configuration = try directory.write(
                "other.conf",
                "listener \(port) 127.0.0.1\nuser root\npassword_file \(file)\n"
            )
            let path = try Executable.installed("/usr/sbin/mosquitto", package: "mosquitto")
            let broker = try ChildProcess(path, ["-c", configuration], in: directory)
            _ = try await broker.wait(30, "mosquitto runs") { broker.log.contains(" running\n") ? true : nil }
            for (password, exit) in [("secret", Exit.code(0)), ("wrong", .code(5))] {
                try await Client.run(
                    Executable.mosquittoPub(),
                    [
                        "-h", "127.0.0.1", "-p", "\(port)", "-u", "alice", "-P", password, "-q", "1", "-t", "a", "-m",
                        "x",
                    ],
                    in: directory,
                    expecting: exit
                )
            }
            broker.signal(SIGTERM)
            try await broker.end()
        }

        @Test func aUserIsDeletedAndAClearFileIsHashed() async throws {
            try directory.write("passwords", "# kept\nalice:clear text\nbob:other\n")
            try await latch("-U", file)
            try await latch("-D", file, "bob")
            let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
            #expect(text.hasPrefix("# kept\nalice:$argon2id$v=19$m=47104,t=1,p=1$"))
            #expect(!text.contains("clear text") && !text.contains("bob"))
            // What is hashed stays as it is.
            try await latch("-U", file)
            #expect(String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self) == text)
            let broker = try await broker()
            try await expectLogins(to: broker, [("alice", "clear text", true), ("bob", "other", false)])
            try await broker.stop()
        }

        @Test func aNewFileIsForItsOwnerOnlyAndAnOldOneKeepsItsMode() async throws {
            try await latch("-c", "-b", file, "alice", "x")
            #expect(try mode(of: file) == 0o600)
            chmod(file, 0o640)
            try await latch("-b", file, "bob", "x")
            #expect(try mode(of: file) == 0o640)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy {
                    !$0.hasPrefix("passwords.")
                }
            )
        }

        private func mode(of path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }

        @Test func whatIsWrongIsSaidAndChangesNothing() async throws {
            try await latch("-b", file, "alice", "x", expecting: .code(7))
            try await latch("-c", "-b", file, "alice", "x")
            let before = FileManager.default.contents(atPath: file)
            try await latch("-D", file, "bob", expecting: .code(1))
            try await latch("-b", file, "a:b", "x", expecting: .code(1))
            try await latch("-b", file, "alice", expecting: .code(1))
            try await latch("-c", "-D", file, "alice", expecting: .code(1))
            try await latch("-H", "md5", "-b", file, "alice", "x", expecting: .code(1))
            try await latch("-b", file, "alice", "", expecting: .code(1))
            // Standard input ends before a password comes.
            try await latch(file, "carol", expecting: .code(1))
            #expect(FileManager.default.contents(atPath: file) == before)
        }
    }
}
