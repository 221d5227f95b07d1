import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// `latch key rotate` and `latch key shred`, while a broker runs and at rest, and what is left of a namespace in copies.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct RotateAndShredTests {
        private let directory: TemporaryDirectory
        /// Records that a rotation seals at a time at the most (`StoreLimits.passChangedMax`).
        private static let pieceMax = 1_024

        init() throws {
            directory = try TemporaryDirectory()
        }

        @Test func rotatingAtRestSealsEverythingAnew() async throws {
            let store = try await TestStore(in: directory)
            for generation in 2...3 {
                let report = try await store.json(["key", "rotate"])
                #expect(report["generation"] as? Int == generation && report["resealed"] as? Int == 15)
                #expect(report["isComplete"] as? Bool == true)
                #expect(try await store.json(["statistics"])["keyGeneration"] as? Int == generation)
            }
            let text = try await store.text(["key", "rotate"]).output
            #expect(text == "generation 4 of data keys seals what is new; 15 records were sealed anew\n")
            #expect(try await TestStore.messages(in: store.path, directory) == TestStore.expected())
            _ = try await store.json(["verify"])
        }

        @Test func rotatingWhileABrokerRunsNeedsNoKey() async throws {
            let configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch", count: 1_500)
            let broker = try await configuration.start()
            let started = try await store.text(["key", "rotate"], key: nil).output
            #expect(
                started.hasPrefix("generation 2 of data keys seals what is new; older records are being sealed anew")
            )
            let process = try await LatchProgram.run(
                ["key", "rotate", store.path, "--wait", "--json"],
                key: nil,
                in: directory
            )
            let report = try TestStore.object(process.standardOutput)
            #expect(report["generation"] as? Int == 3 && report["isComplete"] as? Bool == true)
            // The earlier rotation may have had a piece in its hands, which it then sealed with the newest keys.
            #expect((4_500 - Self.pieceMax...4_500).contains(report["resealed"] as? Int ?? 0))
            try await broker.kill()
            #expect(try await TestStore.messages(in: store.path, directory) == TestStore.expected(count: 1_500))
            let verified = try await store.json(["verify"])
            #expect(verified["damagedPlaces"] as? Int == 0)
        }

        @Test func aShredWithTheKeyringInTheStoreReachesTheCopiesThatAreNamed() async throws {
            let store = try await TestStore(in: directory)
            let copies = ["first", "second"].map { directory.file($0) }
            for copy in copies { try await LatchProgram.run(["backup", store.path, copy], in: directory) }
            let report = try await store.json(["key", "shred"], "alice", "--also", copies[0])
            #expect(report["namespace"] as? String == "alice" && report["keysDestroyed"] as? Int == 1)
            #expect(report["recordsRemoved"] as? Int == 5 && report["recordsOpened"] as? Int == 0)
            #expect(report["recordsTried"] as? Int ?? 0 > 0 && report["isKeyringApart"] as? Bool == false)
            #expect(report["also"] as? [String] == [copies[0]])
            let rest = TestStore.expected(["bob", "carol"])
            #expect(try await TestStore.messages(in: store.path, directory) == rest)
            #expect(try await TestStore.messages(in: store.copy(of: copies[0], to: "a"), directory) == rest)
            // As the command says of those that it was not told of.
            #expect(
                try await TestStore.messages(in: store.copy(of: copies[1], to: "b"), directory) == TestStore.expected()
            )
            let text = try await store.text(["key", "shred"], "bob", "--also", copies[1]).output
            #expect(text.contains("destroyed 1 data key of bob, removed 5 records"))
            #expect(text.contains("records of it are still in the journal's files, 0 of them open"))
            #expect(text.contains("its keys are destroyed in \(copies[1]) too"))
            #expect(text.contains("earlier copies of the store have their own and still open them"))
            let again = try await store.text(["key", "shred"], "bob").output
            #expect(again.contains("bob had no key: there was nothing to destroy"))
            _ = try await store.json(["verify"])
        }

        @Test func aShredWithTheKeyringApartReachesEveryBackup() async throws {
            let key = directory.file("master.key")
            try await LatchProgram.run(["key", "init", key], key: nil, in: directory)
            let source = "file:\(key)"
            let store = try await TestStore(in: directory, key: source)
            let backup = directory.file("backup")
            let made = try await store.text(["backup"], backup, "--key", source, key: nil).output
            #expect(made.contains("it has no keyring, which is kept apart"))
            #expect(!FileManager.default.fileExists(atPath: backup + "/keyring"))
            let text = try await store.text(["key", "shred"], "alice", "--key", source, key: nil).output
            #expect(text.contains("no copy of the store alone opens them either"))
            let rest = TestStore.expected(["bob", "carol"])
            #expect(try await TestStore.messages(in: store.path, key: source, directory) == rest)
            // The backup in the store's place, with the keyring that there is now.
            try FileManager.default.moveItem(atPath: store.path, toPath: directory.file("old"))
            try FileManager.default.moveItem(atPath: backup, toPath: store.path)
            #expect(try await TestStore.messages(in: store.path, key: source, directory) == rest)
        }

        @Test func aShredWhileABrokerRunsIsHeardOfByItsClients() async throws {
            let configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch")
            let broker = try await configuration.start()
            let report = try await store.json(["key", "shred"], "alice")
            #expect(report["recordsOpened"] as? Int == 0 && report["recordsRemoved"] as? Int == 5)
            // What is published from now on is under a new key.
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "alice/new", "-m", "still here")
            let lines = try await Client.subscribe(to: broker, "-t", "+/#", "-C", "11", "-W", "20", "-F", "%t %p")
            var expected = TestStore.expected(["bob", "carol"])
            expected["alice/new"] = "still here"
            #expect(Set(lines) == Set(expected.map { "\($0) \($1)" }))
            try await broker.kill()
            #expect(try await TestStore.messages(in: store.path, directory) == expected)
        }

        @Test func whatIsNoNamespaceIsRefusedAndNoCopyIsTouched() async throws {
            let store = try await TestStore(in: directory)
            for namespace in ["", "alice/0", "#", "+"] {
                let errors = try await store.text(["key", "shred"], namespace, expecting: .code(1)).errors
                #expect(errors.contains("\"\(namespace)\" is no namespace"))
            }
            let wrong = try await store.text(
                ["key", "shred"],
                "alice",
                key: BrokerConfiguration.otherKey,
                expecting: .code(3)
            )
            #expect(wrong.errors.contains("does not open this store"))
            #expect(try await TestStore.messages(in: store.path, directory) == TestStore.expected())
            // Before anything is destroyed.
            let missing = directory.file("nothing")
            let errors = try await store.text(["key", "shred"], "alice", "--also", missing, expecting: .code(1)).errors
            #expect(errors.contains(missing))
            let other = try await TestStore(in: directory, at: "other")
            let foreign = try await store.text(["key", "shred"], "alice", "--also", other.path, expecting: .code(1))
            #expect(foreign.errors.contains(other.path))
            #expect(try await TestStore.messages(in: other.path, directory) == TestStore.expected())
            #expect(try await TestStore.messages(in: store.path, directory) == TestStore.expected())
        }
    }
}
