import Foundation
import Testing

extension StoreProcessTests {
    /// `latch backup`: full, incremental and resumed; restored by copying it back.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct BackupCommandTests {
        private let directory: TemporaryDirectory
        private let copy: String

        init() throws {
            directory = try TemporaryDirectory()
            copy = directory.file("copy")
        }

        @Test func aStoreAtRestIsCopiedAndTheCopyBroughtUpToDate() async throws {
            let store = try await TestStore(in: directory)
            let full = try await store.json(["backup"], copy)
            #expect(full["mode"] as? String == "full" && full["records"] as? Int == 15)
            #expect(full["lastLSN"] as? Int == 15 && full["hasKeyring"] as? Bool == true)
            #expect(full["directory"] as? String == copy)
            let source = try directory.write("one.ndjson", "{\"topic\":\"alice/new\",\"payload\":\"x\"}\n")
            try await LatchProgram.run(["import", source, "--into", store.path], in: directory)
            let next = try await store.json(["backup"], copy)
            #expect(next["mode"] as? String == "incremental" && next["records"] as? Int == 16)
            #expect(next["journalRecords"] as? Int == 1)
            let text = try await store.text(["backup"], copy).output
            #expect(text.hasPrefix("backup \(copy) brought up to date from the journal, verified: 16 messages"))
            let restored = try store.copy(of: copy, to: "restored")
            var expected = TestStore.expected()
            expected["alice/new"] = "x"
            #expect(try await TestStore.messages(in: restored, directory) == expected)
            // Ciphertext only.
            for name in FileManager.default.enumerator(atPath: copy)?.allObjects as? [String] ?? [] {
                let bytes = FileManager.default.contents(atPath: copy + "/" + name) ?? Data()
                #expect(bytes.range(of: Data("alice".utf8)) == nil, "\(name)")
            }
        }

        @Test func aRunningBrokerIsCopiedUnderLoadAndItsStoreRestored() async throws {
            let configuration = try BrokerConfiguration(in: directory)
            let broker = try await configuration.start()
            let records = (0..<3).map { directory.file("record-\($0)") }
            func load(_ number: Int) throws -> ChildProcess {
                try ChildProcess(
                    Executable.latch(),
                    [
                        "bench", "load", "--url", broker.url, "--record", records[number], "--topic-prefix",
                        "load-\(number)", "--topics", "3000", "--messages", "6000", "--qos", "1", "--clear-every", "9",
                    ],
                    in: directory
                )
            }
            func backUp() async throws -> [String: Any] {
                let process = try await LatchProgram.run(
                    ["backup", configuration.storePath, copy, "--json"],
                    key: nil,
                    in: directory
                )
                return try TestStore.object(process.standardOutput)
            }
            #expect(try await load(0).end() == .code(0))
            let second = try load(1)
            // However much of it this one gets.
            #expect(try await backUp()["mode"] as? String == "full")
            #expect(try await second.end() == .code(0))
            #expect(try await load(2).end() == .code(0))
            #expect(try await backUp()["mode"] as? String == "incremental")
            try await broker.kill()
            let old = directory.file("old")
            try FileManager.default.moveItem(atPath: configuration.storePath, toPath: old)
            try FileManager.default.copyItem(atPath: copy, toPath: configuration.storePath)
            let again = try await configuration.start()
            #expect(again.process.log.contains("backup"), "\(again.process.log)")
            for record in records { try await Client.bench("check", again, "--record", record) }
            // From here on it has a history of its own: the backup is brought up to date by comparing.
            #expect(try await backUp()["mode"] as? String == "full")
            try await again.stop()
        }

        @Test func anInterruptedBackupIsRefusedAndGoneOnWith() async throws {
            let store = try await TestStore(in: directory, count: 3_000)
            _ = try await store.text(["checkpoint"])
            for count in [1, 2, 4, 8] {
                let environment = try await FaultLibrary.environment("copy-write", count, "kill", in: directory)
                _ = try await LatchProgram.run(
                    ["backup", store.path, copy],
                    environment: environment,
                    in: directory,
                    expecting: .signal(SIGKILL)
                )
                // Killed at its first write, it has left an empty directory.
                let exit = Exit.code(count == 1 ? 1 : 4)
                let refused = try await LatchProgram.run(["health", copy], in: directory, expecting: exit)
                let words = count == 1 ? "there is no store in" : "a backup that is not whole: make it again"
                #expect(refused.standardError.contains(words))
            }
            let report = try await store.json(["backup"], copy)
            #expect(report["mode"] as? String == "resumed" && report["records"] as? Int == 9_000)
            #expect(try await TestStore.messages(in: copy, directory) == TestStore.expected(count: 3_000))
        }

        @Test func aBackupStaysOneUntilItIsPutToUse() async throws {
            let store = try await TestStore(in: directory)
            _ = try await store.json(["backup"], copy)
            for verb in [["health"], ["statistics"], ["checkpoint"], ["key", "rotate"]] {
                let refused = try await LatchProgram.run(verb + [copy], in: directory, expecting: .code(1))
                #expect(refused.standardError.contains("\(copy) is a backup: latch verify checks it"))
            }
            try await LatchProgram.run(["verify", copy], in: directory)
            #expect(try await store.json(["backup"], copy)["mode"] as? String == "incremental")
        }

        @Test func whatIsNotABackupOfTheStoreIsLeftAlone() async throws {
            let store = try await TestStore(in: directory)
            let other = try await TestStore(in: directory, at: "other")
            let refused = try await store.text(["backup"], other.path, expecting: .code(1))
            #expect(refused.errors.contains("\(other.path) holds something that is no backup of this store"))
            _ = try await other.json(["backup"], copy)
            _ = try await store.text(["backup"], copy, expecting: .code(1))
            #expect(try await TestStore.messages(in: other.path, directory) == TestStore.expected())
            let wrong = try await store.text(
                ["backup"],
                directory.file("new"),
                key: BrokerConfiguration.otherKey,
                expecting: .code(3)
            )
            #expect(wrong.errors.contains("does not open this store"))
            #expect(!FileManager.default.fileExists(atPath: directory.file("new")))
            let missing = try await LatchProgram.run(
                ["backup", directory.file("nothing"), directory.file("new")],
                in: directory,
                expecting: .code(1)
            )
            #expect(missing.standardError.contains("there is no store in \(directory.file("nothing"))"))
            let file = try directory.write("file", "x")
            let blocked = try await store.text(["backup"], file + "/copy", expecting: .code(7))
            #expect(blocked.errors.contains(file))
        }
    }
}
