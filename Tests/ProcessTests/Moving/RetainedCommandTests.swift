import Foundation
import Glibc
import Testing

extension StoreProcessTests {
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

        /// Through the admin socket: the same commands with the same key, and live subscribers hear of what is cleared.
        @Test func theStoreOfARunningBrokerIsLookedAtThroughTheBroker() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let directory = configuration.directory
            let store = configuration.storePath
            try await LatchProgram.run(["import", Self.database, "--into", store], in: directory)
            let broker = try await configuration.start()
            for key in [BrokerConfiguration.otherKey, ""] {
                let refused = try await LatchProgram.run(
                    ["retained", "ls", store],
                    environment: ["LATCH_KEY": key],
                    in: directory,
                    expecting: .code(3)
                )
                #expect(refused.standardOutput == "" && refused.standardError.contains("key"))
            }
            let live = try await LiveSubscriber(to: broker, "-t", "alice/#", "-q", "1")
            try await live.wait(for: "alice/lasting 1 1 ends in 2160")
            try await check(store, in: directory, knowsPublishers: true)
            try await live.wait(for: "alice/lasting 1 0 ")
            // Whoever comes later finds nothing of it, and neither does a broker that was killed.
            #expect(try await Client.subscribe(to: broker, "-t", "#", "-F", "%t", "-C", "3", "-W", "20").count == 3)
            try await broker.kill()
            let again = try await configuration.start()
            let left = try await LatchProgram.run(["retained", "ls", store, "--json"], in: directory).standardOutput
            #expect(left.split(separator: "\n").count == 3 && !left.contains("alice/") && !left.contains("bob/door"))
            try await again.stop()
        }

        /// What root looks into at rest, the broker's account opens afterwards.
        @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
        func aStoreStaysItsOwners() async throws {
            let directory = try TemporaryDirectory()
            let store = directory.file("store")
            try await LatchProgram.run(["import", Self.database, "--into", store], in: directory)
            try await Client.run("/bin/chown", ["-R", "1883:1884", store], in: directory)
            for arguments in [
                ["retained", "count", store], ["retained", "rm", store, "bob/door"],
                ["export", store, "--plaintext", "--output", directory.file("out")],
                ["import", Self.database, "--into", store],
            ] {
                try await LatchProgram.run(arguments, in: directory)
                let foreign = try await Client.run(
                    "/usr/bin/find",
                    [store, "(", "!", "-user", "1883", "-o", "!", "-group", "1884", ")"],
                    in: directory
                )
                #expect(foreign == "", "\(arguments)")
            }
            // What was written elsewhere is root's.
            let written = try await Client.run("/usr/bin/find", [directory.file("out"), "-user", "0"], in: directory)
            #expect(written != "")
        }

        @Test func aRunningBrokerIsLookedAtAsOneOfItsUsers() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let directory = configuration.directory
            try await LatchProgram.run(["import", Self.database, "--into", configuration.storePath], in: directory)
            let broker = try await configuration.start()
            try await check(broker.url, in: directory, knowsPublishers: false)
            try await broker.stop()
        }
    }
}
