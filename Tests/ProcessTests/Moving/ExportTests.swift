import Foundation
import Testing

extension StoreProcessTests {
    /// Moving out: to mosquitto, to a file, to another store, to a live broker.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct ExportTests {
        private static let database = Executable.package + "Fixtures/mosquitto/database/mosquitto-2.0.11.db"

        private let directory: TemporaryDirectory
        private let store: String

        init() async throws {
            directory = try TemporaryDirectory()
            store = directory.file("store")
            try await LatchProgram.run(["import", Self.database, "--into", store], in: directory)
        }

        /// What a broker retains, with everything that a subscriber sees of it; the expiry, which runs, to the hour.
        private func retained(_ port: Int, _ filter: String = "#", count: Int) async throws -> Set<String> {
            let output = try await Client.run(
                Executable.mosquittoSub(),
                [
                    "-h", "127.0.0.1", "-p", "\(port)", "-V", "5", "-t", filter, "-q", "2", "-F",
                    "%t|%q|%l|%C|%R|%D|%P|%p", "-C", "\(count)", "-W", "20",
                ],
                in: directory
            )
            return Set(output.split(separator: "\n").map(String.init))
        }

        @Test func mosquittoLoadsWhatIsExportedForIt() async throws {
            let before = try await RunningMosquitto(in: TemporaryDirectory(), database: Self.database)
            let expected = try await retained(before.port, count: 6)
            try await before.stop()
            let file = directory.file("out.db")
            let refused = try await LatchProgram.run(
                ["export", store, "--format", "mosquitto-db", "--output", file],
                in: directory,
                expecting: .code(1)
            )
            #expect(refused.standardError.contains("--plaintext"))
            #expect(!FileManager.default.fileExists(atPath: file))
            let exported = try await LatchProgram.run(
                ["export", store, "--format", "mosquitto-db", "--output", file, "--plaintext"],
                in: directory
            )
            #expect(exported.standardError.contains("exported 6 messages in clear"))
            #expect(exported.standardError.contains("whoever reads"))
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let after = try await RunningMosquitto(in: TemporaryDirectory(), database: file)
            #expect(try await retained(after.port, count: 6) == expected)
            try await after.stop()
            // mosquitto has saved it again: it is a file that this program reads.
            let again = try await LatchProgram.run(["import", after.databasePath, "--into", store], in: directory)
            #expect(again.standardOutput.contains("unchanged   6") && again.standardOutput.contains("damage      none"))
        }

        @Test func recordsGoRoundThroughAPipe() async throws {
            let file = directory.file("out.ndjson")
            try await LatchProgram.run(["export", store, "--plaintext", "--output", file], in: directory)
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 6)
            let again = try await LatchProgram.run(["import", file, "--into", store], in: directory)
            #expect(again.standardOutput.contains("unchanged   6"))
            let other = directory.file("other")
            let piped = try await Client.run(
                "/bin/sh",
                [
                    "-c", "\"$0\" export \"$1\" --plaintext | \"$0\" import - --into \"$2\"", Executable.latch(), store,
                    other,
                ],
                environment: ["LATCH_KEY": BrokerConfiguration.key, "HOME": directory.path],
                in: directory
            )
            #expect(piped.contains("imported    6"))
            // A record that is broken stops the import before anything is written.
            let broken = try directory.write("broken.ndjson", lines[0] + "\n{\"topic\":\n")
            let third = directory.file("third")
            let refused = try await LatchProgram.run(
                ["import", broken, "--into", third],
                in: directory,
                expecting: .code(4)
            )
            #expect(refused.standardError.contains("line 2"))
            #expect(!FileManager.default.fileExists(atPath: third))
            let salvaged = try await LatchProgram.run(["import", broken, "--into", third, "--salvage"], in: directory)
            #expect(
                salvaged.standardOutput.contains("imported    1") && salvaged.standardOutput.contains("unusable    1")
            )
        }

        @Test func filtersAndUsersNarrowWhatIsWritten() async throws {
            func topics(_ arguments: String...) async throws -> Set<String> {
                let output = try await LatchProgram.run(["export", store, "--plaintext"] + arguments, in: directory)
                let records = output.standardOutput.split(separator: "\n").map { line in
                    (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["topic"] as? String
                }
                return Set(records.compactMap(\.self))
            }
            #expect(try await topics("--user", "alice") == ["alice/lasting", "alice/large"])
            #expect(
                try await topics("--filter", "+/door", "--filter", "bob/#", "--filter", "house/hall/temp")
                    == ["bob/door", "house/hall/temp"]
            )
        }

        @Test func nothingIsInClearBetweenTwoStores() async throws {
            let moved = directory.file("moved")
            let otherKey = try directory.write("other.key", BrokerConfiguration.otherKey)
            try await LatchProgram.run(
                ["export", store, "--sealed", "--output", moved, "--sealed-key-file", otherKey],
                in: directory
            )
            let files = try #require(FileManager.default.enumerator(atPath: moved)).compactMap { $0 as? String }
            for file in files {
                let bytes = FileManager.default.contents(atPath: moved + "/" + file) ?? Data()
                for secret in ["sensor-1", "bob/door", "ends in 2160", "ünïcode"] {
                    #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(file)")
                }
            }
            let other = directory.file("other")
            let wrong = try await LatchProgram.run(
                ["import", moved, "--into", other],
                in: directory,
                expecting: .code(3)
            )
            #expect(wrong.standardError.contains("key"))
            let taken = try await LatchProgram.run(
                ["import", moved, "--into", other, "--source-key-file", otherKey],
                in: directory
            )
            #expect(taken.standardOutput.contains("imported    6"))
            let same = try await LatchProgram.run(["import", store, "--into", other], in: directory)
            #expect(same.standardOutput.contains("unchanged   6"))
        }

        @Test func aLiveBrokerIsGivenEverything() async throws {
            let mosquitto = try await RunningMosquitto(in: TemporaryDirectory(), database: nil)
            let given = try await LatchProgram.run(["export", store, "--to", mosquitto.url], in: directory)
            #expect(given.standardError.contains("published 6 messages"))
            let expected = try await RunningMosquitto(in: TemporaryDirectory(), database: Self.database)
            #expect(try await retained(mosquitto.port, count: 6) == retained(expected.port, count: 6))
            try await mosquitto.stop()
            try await expected.stop()
        }
    }
}
