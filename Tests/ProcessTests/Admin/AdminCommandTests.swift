import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// `latch checkpoint`, `health` and `statistics`, on a running broker and at rest.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct AdminCommandTests {
        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
        }

        /// The three commands on a store of fifteen messages, whether a broker has it or nobody.
        private func check(_ store: TestStore, key: String?) async throws {
            #expect(try await store.text(["health"], key: key).output == "healthy\n")
            #expect(try await store.json(["health"])["health"] as? String == "healthy")
            let before = try await store.json(["statistics"])
            #expect(before["lastLSN"] as? Int == 15 && before["durableLSN"] as? Int == 15)
            #expect(before["appliedLSN"] as? Int == 0 && before["overlayTopics"] as? Int == 15)
            #expect(try await store.json(["checkpoint"])["appliedLSN"] as? Int == 15)
            #expect(try await store.text(["checkpoint"], key: key).output == "checkpoint done through LSN 15\n")
            let after = try await store.json(["statistics"])
            #expect(after["appliedLSN"] as? Int == 15 && after["indexRecords"] as? Int == 15)
            #expect(after["keyGeneration"] as? Int == 1 && (after["passes"] as? [Any])?.isEmpty == true)
            let text = try await store.text(["statistics"], key: key).output
            #expect(text.contains("index        15 records") && text.contains("keys         generation 1"))
        }

        @Test func aStoreAtRest() async throws {
            try await check(TestStore(in: directory), key: BrokerConfiguration.key)
        }

        @Test func aRunningBrokerIsAskedWithoutAKey() async throws {
            let configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch")
            let broker = try await configuration.start()
            let socket = try FileManager.default.attributesOfItem(atPath: store.path + "/admin.sock")
            #expect(socket[.posixPermissions] as? Int == 0o600)
            try await check(store, key: nil)
            try await broker.stop()
            #expect(!FileManager.default.fileExists(atPath: store.path + "/admin.sock"))
        }

        @Test func aKilledBrokersSocketIsNobodys() async throws {
            let configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch")
            try await configuration.start().kill()
            #expect(FileManager.default.fileExists(atPath: store.path + "/admin.sock"))
            #expect(try await store.text(["health"]).output == "healthy\n")
            let broker = try await configuration.start()
            #expect(try await store.text(["health"], key: nil).output == "healthy\n")
            try await broker.stop()
        }

        @Test func aStoreThatHasFailedSaysSo() async throws {
            var configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch")
            configuration.environment = try await FaultLibrary.environment("segment-sync", 2, "\(EIO)", in: directory)
            let broker = try await configuration.start()
            let unlucky = try ChildProcess(
                Executable.python(),
                [Executable.client("raw_publish.py"), "\(broker.port)", "5", "1", "lost", "2"],
                in: directory
            )
            _ = try await broker.process.wait(30, "the store has failed") {
                broker.process.log.contains("the store failed") ? true : nil
            }
            let (output, errors) = try await store.text(["health"], key: nil, expecting: .code(7))
            #expect(output.hasPrefix("failed: ") && output.contains("must be opened anew"))
            #expect(errors.contains("the store takes no retained messages"))
            let refused = try await store.text(["checkpoint"], key: nil, expecting: .code(7))
            #expect(refused.errors.contains("the store has failed and must be opened again"))
            #expect(try await broker.process.end(withinSeconds: 30) == .code(7))
            _ = try await unlucky.end()
        }

        @Test func whatCannotBeOpenedIsExplained() async throws {
            let store = try await TestStore(in: directory)
            let verbs = [["health"], ["statistics"], ["checkpoint"], ["key", "rotate"], ["key", "shred"], ["backup"]]
            func refused(
                _ expected: Exit,
                _ words: String,
                key: String? = BrokerConfiguration.key,
                in path: String? = nil
            ) async throws {
                for verb in verbs {
                    let more = ["shred": ["alice"], "backup": [directory.file("new")]][verb.last ?? ""] ?? []
                    let process = try await LatchProgram.run(
                        verb + [path ?? store.path] + more,
                        key: key,
                        in: directory,
                        expecting: expected
                    )
                    #expect(process.standardError.contains(words), "\(verb): \(process.standardError)")
                    #expect(process.standardOutput == "", "\(verb)")
                }
            }
            try await refused(.code(3), "does not open this store, which wants", key: BrokerConfiguration.otherKey)
            try await refused(.code(3), "no master key for the store \(store.path), which wants a key", key: nil)
            try await refused(
                .code(1),
                "there is no store in \(directory.file("nothing"))",
                in: directory.file("nothing")
            )
            // A process that has the store open and does not listen.
            let descriptor = open(store.path + "/lock", O_RDWR)
            try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            try await refused(.code(5), "\(store.path) is in use by another process; stop it first")
            close(descriptor)
            let header = store.path + "/latch.store"
            try FileManager.default.moveItem(atPath: header, toPath: directory.file("header"))
            try await refused(.code(4), "has lost its header")
            #expect(!FileManager.default.fileExists(atPath: directory.file("new")))
        }

        @Test func aDirectoryThatCannotBeLookedIntoIsNotCalledEmpty() async throws {
            let store = try await TestStore(in: directory)
            let closed = directory.file("closed")
            try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: false)
            try FileManager.default.moveItem(atPath: store.path, toPath: closed + "/store")
            var command = [try Executable.latch()]
            if geteuid() == 0 {
                // Root may look into everything: somebody else tries.
                command = [try Executable.installed("/usr/bin/setpriv", package: "util-linux")]
                command += ["--reuid", "65534", "--regid", "65534", "--clear-groups", try Executable.latch()]
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: closed) }
            let process = try ChildProcess(
                command[0],
                command.dropFirst() + ["health", closed + "/store"],
                environment: ["LATCH_KEY": BrokerConfiguration.key],
                in: directory
            )
            #expect(try await process.end() == .code(7))
            #expect(process.standardError.contains("cannot look into \(closed)/store: Permission denied"))
        }
    }
}
