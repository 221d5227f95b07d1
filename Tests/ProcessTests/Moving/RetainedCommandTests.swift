import Foundation
import Testing

extension ProcessTests {
    /// Looking at single messages, at rest and through a running broker.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct RetainedCommandTests {
        private static let database = Executable.package + "Fixtures/mosquitto/database/mosquitto-2.0.11.db"

        private func check(_ place: String, in directory: TemporaryDirectory, knowsPublishers: Bool) async throws {
            func retained(_ arguments: String..., expecting exit: Exit = .code(0)) async throws -> String {
                try await LatchProgram.run(["retained"] + arguments, in: directory, expecting: exit).standardOutput
            }
            #expect(try await retained("count", place) == "6\n")
            #expect(try await retained("count", place, "alice/#", "--json") == "{\"count\":2}\n")
            let table = try await retained("ls", place).split(separator: "\n").map {
                $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            }
            #expect(table.first?.prefix(3) == ["TOPIC", "BYTES", "QOS"])
            #expect(table.dropFirst().map { $0[0] }.sorted() == table.dropFirst().map { $0[0] })
            let door = try #require(table.first { $0[0] == "bob/door" })
            #expect(door[1...2] == ["4", "2"] && door[4] == "never" && door[5] == (knowsPublishers ? "bob" : "-"))
            let line = try await retained("ls", place, "alice/lasting", "--json")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["bytes"] as? Int == 12 && (object["expires"] as? String)?.hasPrefix("2159-") == true)
            #expect(!line.contains("ends in"))
            // Byte for byte: there is no terminal here.
            #expect(try await retained("get", place, "alice/lasting") == "ends in 2160")
            _ = try await retained("get", place, "alice/none", expecting: .code(1))
            _ = try await retained("get", place, "alice/#", expecting: .code(1))
            #expect(try await retained("get", place, "+/door", "--json").contains("\"correlation-data\""))

            _ = try await retained("rm", place, "alice/#", expecting: .code(1))
            #expect(try await retained("rm", place, "alice/#", "--dry-run") == "alice/large\nalice/lasting\n")
            #expect(try await retained("count", place) == "6\n")
            #expect(try await retained("rm", place, "alice/#", "--yes") == "alice/large\nalice/lasting\n")
            #expect(try await retained("rm", place, "bob/door") == "bob/door\n")
            #expect(try await retained("count", place) == "3\n")
        }

        @Test func aStoreAtRestIsLookedAt() async throws {
            let directory = try TemporaryDirectory()
            let store = directory.file("store")
            try await LatchProgram.run(["import", Self.database, "--into", store], in: directory)
            try await check(store, in: directory, knowsPublishers: true)
            let refused = try await LatchProgram.run(
                ["retained", "ls", store],
                environment: ["LATCH_KEY": BrokerConfiguration.otherKey],
                in: directory,
                expecting: .code(3)
            )
            #expect(refused.standardOutput == "")
        }

        @Test func aRunningBrokerIsLookedAtAsOneOfItsUsers() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let directory = configuration.directory
            try await LatchProgram.run(["import", Self.database, "--into", configuration.storePath], in: directory)
            let broker = try await configuration.start()
            let refused = try await LatchProgram.run(
                ["retained", "ls", configuration.storePath],
                in: directory,
                expecting: .code(5)
            )
            #expect(refused.standardError.contains(configuration.storePath))
            try await check(broker.url, in: directory, knowsPublishers: false)
            try await broker.stop()
        }
    }
}
