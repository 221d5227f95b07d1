import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// D1 where a store is looked after: a rotation, a shred or a backup is killed at a call that a test names, in the
    /// broker that does it or in the command at rest; then the store opens, is sound, and the same is done once more.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct MaintenanceKillTests {
        private static let count = 700

        /// Each call that the order of writes is made of while the verb is at work (CrashModel.md), and how many of them a
        /// store of this size gets to.
        private static let points: [(verb: String, call: String, countMax: Int)] = [
            ("rotate", "keyring-write", 1), ("rotate", "keyring-sync", 1), ("rotate", "index-write", 12),
            ("rotate", "index-sync", 2), ("rotate", "anchor-rename", 2),
            ("shred", "keyring-write", 2), ("shred", "keyring-sync", 2), ("shred", "keyring-rename", 1),
            ("shred", "store-sync", 3), ("shred", "index-write", 5), ("shred", "index-sync", 2),
            ("backup", "copy-write", 12), ("backup", "copy-sync", 6), ("backup", "copy-rename", 4),
        ]

        private let directory: TemporaryDirectory
        private let template: String

        init() async throws {
            directory = try TemporaryDirectory()
            let store = try await TestStore(in: directory, at: "template", count: Self.count)
            _ = try await store.text(["checkpoint"])
            template = store.path
        }

        private func command(_ verb: String, _ store: String) -> [String] {
            switch verb {
            case "rotate": ["key", "rotate", store, "--wait"]
            case "shred": ["key", "shred", store, "alice"]
            default: ["backup", store, directory.file("copy")]
            }
        }

        @Test(arguments: [false, true])
        func killedAtEveryCall(isBrokerRunning: Bool) async throws {
            var random = SeededRandom.announced()
            var met = 0
            for point in Self.points {
                let count = 1 + random.next(below: point.countMax)
                let name = "\(point.verb), \(point.call) \(count)"
                var configuration = try BrokerConfiguration(in: directory)
                configuration.isVerbose = false
                let store = configuration.storePath
                for path in [configuration.dataPath, directory.file("copy")] {
                    try? FileManager.default.removeItem(atPath: path)
                }
                try FileManager.default.createDirectory(
                    atPath: configuration.dataPath,
                    withIntermediateDirectories: false
                )
                try FileManager.default.copyItem(atPath: template, toPath: store)
                let fault = try await FaultLibrary.environment(point.call, count, "kill", in: directory)
                let exit =
                    if isBrokerRunning {
                        try await killBroker(&configuration, fault, command(point.verb, store))
                    } else {
                        try await killCommand(fault, command(point.verb, store))
                    }
                if exit == .signal(SIGKILL) { met += 1 } else { print("\(name) was not met: \(exit)") }

                try await LatchProgram.run(["verify", store], in: directory)
                let found = try await TestStore.messages(in: store, directory)
                let whole = TestStore.expected(count: Self.count)
                let rest = TestStore.expected(["bob", "carol"], count: Self.count)
                #expect(found == whole || point.verb == "shred" && found == rest, "\(name): \(found.count)")
                try await LatchProgram.run(command(point.verb, store), in: directory)
                let expected = point.verb == "shred" ? rest : whole
                #expect(try await TestStore.messages(in: store, directory) == expected, "\(name)")
                try await LatchProgram.run(["verify", store], in: directory)
                if point.verb == "backup" {
                    #expect(try await TestStore.messages(in: directory.file("copy"), directory) == whole, "\(name)")
                }
            }
            // Otherwise this has tested nothing.
            #expect(met >= Self.points.count - 2)
        }

        private func killCommand(_ fault: [String: String], _ command: [String]) async throws -> Exit {
            var environment = ["LATCH_KEY": BrokerConfiguration.key]
            environment.merge(fault) { $1 }
            let process = try ChildProcess(Executable.latch(), command, environment: environment, in: directory)
            return try await process.end()
        }

        private func killBroker(
            _ configuration: inout BrokerConfiguration,
            _ fault: [String: String],
            _ command: [String]
        ) async throws -> Exit {
            configuration.environment = fault
            let process = try await configuration.startOrEnd()
            if process.poll() == nil {
                let asked = try ChildProcess(Executable.latch(), command, in: directory)
                let exit = try await asked.end()
                if exit != .code(0) {
                    #expect(exit == .code(7) && asked.standardError.contains("ended before it answered"))
                    return try await process.end()
                }
                process.signal(SIGTERM)
            }
            return try await process.end(withinSeconds: 30)
        }
    }
}
