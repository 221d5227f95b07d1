import Foundation
import Testing

extension StoreProcessTests {
    /// Moving in: what mosquitto left is in the store, and the broker serves it.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct ImportTests {
        private static let fixtures = Executable.package + "Fixtures/"
        private static let database = fixtures + "mosquitto/database/mosquitto-2.0.11.db"
        /// What mosquitto 2.0.11 delivers from that file, `alice/brief` having expired.
        private static let expected: Set<String> = [
            "house/hall/temp 1 21.5", "bob/door 2 open", "anonymous/plain 0 no user", "alice/lasting 1 ends in 2160",
            "grüße/a b 1 ünïcode",
        ]

        private func latch(
            _ configuration: BrokerConfiguration,
            _ arguments: [String],
            expecting exit: Exit = .code(0),
            _ location: SourceLocation = #_sourceLocation
        ) async throws -> ChildProcess {
            try await LatchProgram.run(arguments, in: configuration.directory, expecting: exit, location)
        }

        private func retained(_ broker: RunningBroker) async throws -> Set<String> {
            let lines = try await Client.subscribe(
                to: broker,
                "-V",
                "5",
                "-t",
                "#",
                "-q",
                "2",
                "-F",
                "%t %q %p",
                "-C",
                "6",
                "-W",
                "20"
            )
            // The large one by its length only.
            return Set(lines.filter { !$0.hasPrefix("alice/large 1 BBBB") })
        }

        @Test func aDatabaseOfMosquittoIsServedAndImportingItAgainChangesNothing() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try FileManager.default.createDirectory(atPath: configuration.dataPath, withIntermediateDirectories: true)
            let store = configuration.storePath
            let look = try await latch(
                configuration,
                ["import", Self.database, "--into", store, "--dry-run", "--json"]
            )
            #expect(
                look.standardOutput.contains("\"imported\" : 6") && look.standardOutput.contains("\"isDryRun\" : true")
            )
            #expect(!FileManager.default.fileExists(atPath: store))
            let first = try await latch(configuration, ["import", Self.database, "--into", store])
            for line in ["found       7", "imported    6", "expired     1", "damage      none"] {
                #expect(first.standardOutput.contains(line), "\(line)\n\(first.standardOutput)")
            }
            // Nobody sits at a terminal here.
            #expect(!first.standardError.contains("["))
            let second = try await latch(configuration, ["import", Self.database, "--into", store])
            #expect(second.standardOutput.contains("imported    0") && second.standardOutput.contains("unchanged   6"))
            let broker = try await configuration.start()
            #expect(try await retained(broker) == Self.expected)
            let properties = try await Client.subscribe(
                to: broker,
                "-V",
                "5",
                "-t",
                "bob/door",
                "-F",
                "%C %R %D %P",
                "-C",
                "1",
                "-W",
                "20"
            )
            #expect(properties == ["text/plain bob/answers c0ffee room:hall floor:1"])
            let busy = try await latch(configuration, ["import", Self.database, "--into", store], expecting: .code(5))
            #expect(busy.standardError.contains(store))
            try await broker.stop()
        }

        /// The error of a refused start names a command; that command, run by a shell, works.
        @Test(arguments: ["mosquitto.db", "gocryptfs"])
        func theCommandThatARefusedStartNamesWorks(kind: String) async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.masterKey = nil
            let keyFile = try configuration.directory.write("a master.key", BrokerConfiguration.key)
            configuration.lines = ["master_key_file \(keyFile)"]
            let manager = FileManager.default
            try manager.createDirectory(atPath: configuration.dataPath, withIntermediateDirectories: true)
            if kind == "mosquitto.db" {
                try manager.copyItem(atPath: Self.database, toPath: configuration.dataPath + "/mosquitto.db")
            } else {
                for name in try manager.contentsOfDirectory(atPath: Self.fixtures + "gocryptfs/version-2.3") {
                    try manager.copyItem(
                        atPath: Self.fixtures + "gocryptfs/version-2.3/" + name,
                        toPath: configuration.dataPath + "/" + name
                    )
                }
            }
            let refusal = try await configuration.refusal()
            #expect(refusal.exit == .code(2))
            let command = try #require(
                refusal.log.split(separator: "\n").first { $0.hasPrefix("  latch import ") },
                "\(refusal.log)"
            )
            let bin = (try Executable.latch() as NSString).deletingLastPathComponent
            let output = try await Client.run(
                "/bin/sh",
                ["-c", String(command)],
                environment: [
                    "PATH": bin + ":/usr/bin:/bin", "HOME": configuration.directory.path,
                    "GOCRYPT_PASSWORD": "tiny-password",
                ],
                in: configuration.directory
            )
            #expect(output.contains("imported    6"))
            let broker = try await configuration.start()
            #expect(try await retained(broker) == Self.expected)
            try await broker.stop()
        }

        @Test func aTruncatedDatabaseIsRefusedAndCanBeSalvaged() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let whole = try Data(contentsOf: URL(filePath: Self.database))
            // 16 bytes of each mark stand last: all but the first are gone, and half of that one.
            let truncated = configuration.directory.file("truncated.db")
            try whole.dropLast(7 * 16 - 8).write(to: URL(filePath: truncated))
            try FileManager.default.createDirectory(atPath: configuration.dataPath, withIntermediateDirectories: true)
            let store = configuration.storePath
            let refused = try await latch(configuration, ["import", truncated, "--into", store], expecting: .code(4))
            #expect(refused.standardError.contains("without a retain mark"))
            #expect(refused.standardError.contains("bob/door") && refused.standardError.contains("alice/lasting"))
            #expect(!FileManager.default.fileExists(atPath: store))
            let salvaged = try await latch(configuration, ["import", truncated, "--into", store, "--salvage"])
            #expect(
                salvaged.standardOutput.contains("found       7") && salvaged.standardOutput.contains("imported    6")
            )
            let broker = try await configuration.start()
            #expect(try await retained(broker) == Self.expected)
            try await broker.stop()
        }

        /// mosquitto 2.1's dump and its sqlite store; the same messages, one of them expired.
        @Test(arguments: ["db_dump-2.1.json", "persist-sqlite-1.1.sqlite3"])
        func whatMosquitto21WritesIsImported(name: String) async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let (source, store) = (Self.fixtures + "mosquitto/database/" + name, configuration.directory.file("store"))
            let first = try await latch(configuration, ["import", source, "--into", store])
            for line in ["found       5", "imported    4", "expired     1", "damage      none"] {
                #expect(first.standardOutput.contains(line), "\(line)\n\(first.standardOutput)")
            }
            let second = try await latch(configuration, ["import", source, "--into", store])
            #expect(second.standardOutput.contains("imported    0") && second.standardOutput.contains("unchanged   4"))
            let door = try await latch(configuration, ["retained", "get", store, "bob/door", "--json"]).standardOutput
            for part in ["\"qos\":2", "\"listener_port\":9001", "\"user_name\":\"bob\"", "bob/answers"] {
                #expect(door.contains(part), "\(part)\n\(door)")
            }
        }

        @Test func aWrongPasswordIsTold() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let password = try configuration.directory.write("password", "wrong\n")
            let source = Self.fixtures + "gocryptfs/version-2.3"
            let store = configuration.directory.file("store")
            let refused = try await latch(
                configuration,
                ["import", source, "--into", store, "--password-file", password],
                expecting: .code(3)
            )
            #expect(!refused.log.contains("wrong\n") && refused.standardError.contains("--password-file"))
            let right = try configuration.directory.write("password", "tiny-password\n")
            let taken = try await latch(configuration, ["import", source, "--into", store, "--password-file", right])
            #expect(taken.standardOutput.contains("imported    6"))
        }

        /// mosquitto drops what is beyond a subscriber's 20 in flight and 1,000 queued: none of it may be missing.
        @Test func aLiveMosquittoWithMoreThanItsQueuesHoldIsTakenOver() async throws {
            let directory = try TemporaryDirectory()
            let count = 3_000
            let records = (0..<count).map {
                "{\"topic\":\"many/\($0 % 10)/\($0)\",\"payload\":\"v\",\"qos\":\($0 % 3)}\n"
            }
            let file = try directory.write("many.ndjson", records.joined())
            let (first, second) = (directory.file("first"), directory.file("second"))
            try await LatchProgram.run(["import", file, "--into", first], in: directory)
            let mosquitto = try await RunningMosquitto(in: directory, database: nil)
            try await LatchProgram.run(["export", first, "--to", mosquitto.url], in: directory)
            let taken = try await LatchProgram.run(["import", mosquitto.url, "--into", second], in: directory)
            #expect(taken.standardOutput.contains("imported    3,000"), "\(taken.log)")
            try await mosquitto.stop()
            // Each with the QoS that it was published with.
            let same = try await LatchProgram.run(["import", file, "--into", second], in: directory)
            #expect(same.standardOutput.contains("unchanged   3,000"), "\(same.log)")
        }

        /// Debian's mosquitto, as it runs: its retained set is taken by subscribing.
        @Test func aLiveMosquittoIsTakenOver() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let mosquitto = try await RunningMosquitto(in: configuration.directory, database: Self.database)
            let store = configuration.storePath
            try FileManager.default.createDirectory(atPath: configuration.dataPath, withIntermediateDirectories: true)
            let taken = try await latch(configuration, ["import", mosquitto.url, "--into", store])
            #expect(taken.standardOutput.contains("imported    6"), "\(taken.log)")
            try await mosquitto.stop()
            let broker = try await configuration.start()
            #expect(try await retained(broker) == Self.expected)
            try await broker.stop()
        }
    }
}
