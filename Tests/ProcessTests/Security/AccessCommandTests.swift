import Foundation
import Testing

extension ProcessTests {
    /// `latch acl` as a script runs it.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct AccessCommandTests {
        @Test func aDecisionIsOneLineAndAMistakeAnExitCode() async throws {
            let directory = try TemporaryDirectory()
            let file = try directory.write("aclfile", "user alice\ntopic read home/#\npattern readwrite %u/#\n")
            func check(_ arguments: String..., expecting exit: Exit = .code(0)) async throws -> String {
                try await Client.run(
                    Executable.latch(),
                    ["acl", "check", "--acl-file", file] + arguments,
                    in: directory,
                    expecting: exit
                )
            }
            let alice = ["--user", "alice"]
            #expect(
                try await check(alice[0], alice[1], "--topic", "home/door", "--access", "read")
                    == "allowed: \(file):2: user alice, topic read home/#\n"
            )
            #expect(
                try await check("--user", "bob", "--topic", "home/door", "--access", "write")
                    == "denied: no rule grants it\n"
            )
            #expect(try await check("--topic", "a/+", "--access", "read", expecting: .code(1)) == "")
            #expect(try await check("--topic", "a/#/b", "--access", "subscribe", expecting: .code(1)) == "")
            #expect(try await check("--topic", "a", "--access", "delete", expecting: .code(1)) == "")
            try directory.write("aclfile", "topic readwrite\nnonsense\n")
            #expect(try await check("--topic", "a", "--access", "read", expecting: .code(2)) == "")
            let explanation = try await Client.run(
                Executable.latch(),
                ["acl", "explain", "--acl-file", directory.write("other", "pattern readwrite %u/#\n"), "#"],
                in: directory
            )
            #expect(explanation.contains("pattern readwrite %u/#"))
        }
    }
}
