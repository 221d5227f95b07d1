import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// API tokens: made by `latch token`, taken by a broker, and taken away again.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct TokenCommandTests {
        private func token(
            _ arguments: [String],
            in directory: TemporaryDirectory,
            expecting exit: Exit = .code(0)
        ) async throws -> String {
            try await Client.run(Executable.latch(), ["token"] + arguments, in: directory, expecting: exit)
                .trimmingCharacters(in: .newlines)
        }

        @Test func aTokenOpensUntilItIsTakenAway() async throws {
            let directory = try TemporaryDirectory()
            let path = directory.file("tokens")
            let first = try await token(["-c", path, "robot"], in: directory)
            let second = try await token([path, "robot"], in: directory)
            let other = try await token([path, "alice"], in: directory)
            #expect(Set([first, second, other]).count == 3)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 3)
            for token in [first, second, other] {
                #expect(token.hasPrefix("latch_") && token.count == 49)
                #expect(!text.contains(token.dropFirst(6)))
            }
            var configuration = try BrokerConfiguration(in: directory)
            configuration.allowsAnonymous = false
            configuration.lines = ["api_token_file \(path)"]
            configuration.acl = "pattern readwrite %u/#\n"
            let broker = try await configuration.start()
            // CONNECT's own user name counts for nothing.
            for token in [first, second] {
                try await Client.publish(
                    to: broker,
                    "-u",
                    "alice",
                    "-P",
                    token,
                    "-t",
                    "robot/x",
                    "-m",
                    "on",
                    "-q",
                    "1",
                    "-r"
                )
            }
            #expect(
                try await Client.subscribe(to: broker, "-u", "x", "-P", first, "-t", "robot/#", "-C", "1") == ["on"]
            )
            try await Client.publish(
                to: broker,
                "-u",
                "robot",
                "-P",
                String(first.dropLast()) + "-",
                "-t",
                "robot/x",
                "-m",
                "",
                expecting: .code(5)
            )
            try await Client.publish(to: broker, "-u", "robot", "-t", "robot/x", "-m", "", expecting: .code(5))

            _ = try await token(["-D", path, "robot"], in: directory)
            broker.process.signal(SIGHUP)
            var refusals: Int { broker.process.log.components(separatedBy: "refused: unknown API token.").count - 1 }
            // Until the signal has arrived the token opens.
            for _ in 0..<500 where refusals < 2 {
                try await Client.run(
                    Executable.mosquittoPub(),
                    ["-h", "127.0.0.1", "-p", "\(broker.port)", "-u", "x", "-P", first, "-t", "robot/x", "-m", "on"],
                    in: directory,
                    expecting: nil
                )
            }
            #expect(refusals == 2)
            try await Client.publish(to: broker, "-u", "x", "-P", other, "-t", "alice/x", "-m", "")
            try await broker.stop()
            for token in [first, second, other] { #expect(!broker.process.log.contains(token)) }
        }

        @Test func whatCannotBeDoneIsSaid() async throws {
            let directory = try TemporaryDirectory()
            let path = directory.file("tokens")
            _ = try await token([path, "robot"], in: directory, expecting: .code(7))
            for user in ["", "a/b", "a+", "#", "$SYS", "a:b", " a"] {
                _ = try await token(["-c", path, user], in: directory, expecting: .code(1))
            }
            _ = try await token(["-c", "-D", path, "robot"], in: directory, expecting: .code(1))
            #expect(!FileManager.default.fileExists(atPath: path))
            _ = try await token(["-c", path, "robot"], in: directory)
            _ = try await token(["-D", path, "alice"], in: directory, expecting: .code(1))
        }
    }
}
