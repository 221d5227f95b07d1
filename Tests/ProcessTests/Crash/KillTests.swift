import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// D1: acknowledged ⊆ recovered ⊆ attempted, after SIGKILL at any instant.
    @Suite struct KillTests {
        private static let rounds = 20

        /// One store, killed twenty times under a load of retained messages and clears at a random moment; after every
        /// restart each topic holds at least what was acknowledged and at most what was sent.
        ///
        /// The seed is printed; `LATCH_TEST_SEED` gives it again.
        @Test(.enabled(if: !Executable.isMosquitto))
        func everyAcknowledgedMessageIsFoundAfterEveryKill() async throws {
            var random = SeededRandom.announced()
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            let record = configuration.directory.file("record")
            var broker = try await configuration.start()
            var acknowledged = 0
            for round in 1...Self.rounds {
                let load = try ChildProcess(
                    Executable.latch(),
                    [
                        "bench", "load", "--url", broker.url, "--record", record, "--seconds", "30", "--topics", "5000",
                        "--connections", "4", "--qos", random.next(below: 4) == 0 ? "2" : "1", "--clear-every", "11",
                        "--window", "\([1, 16, 256, 1024][random.next(below: 4)])", "--json",
                    ],
                    in: configuration.directory
                )
                // Before all its clients are connected, a load without broker is a load that failed.
                let process = broker.process
                _ = try await process.wait(20, "the load is connected") {
                    process.log.contains("as latch-load-p3 (") ? true : nil
                }
                try await Task.sleep(for: .milliseconds(random.next(below: 600)))
                try await broker.kill()
                try #require(try await load.end() == .code(0), "round \(round): \(load.log)")
                acknowledged += try Self.acknowledged(load.standardOutput)

                broker = try await configuration.start()
                let check = try ChildProcess(
                    Executable.latch(),
                    ["bench", "check", "--url", broker.url, "--record", record],
                    in: configuration.directory
                )
                try #require(try await check.end() == .code(0), "round \(round): \(check.log)")
            }
            #expect(acknowledged > 0, "no load was acknowledged: nothing was tested")
            try await broker.stop()
        }

        /// The same while checkpoints follow each other and data keys are rotated without a pause, both asked for through the
        /// admin socket.
        @Test(.enabled(if: !Executable.isMosquitto))
        func nothingIsLostWhileCheckpointsAndRotationsRun() async throws {
            var random = SeededRandom.announced()
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            let record = configuration.directory.file("record")
            var acknowledged = 0
            for round in 1...Self.rounds {
                let broker = try await configuration.start()
                if round > 1 { try await Client.bench("check", broker, "--record", record) }
                let load = try ChildProcess(
                    Executable.latch(),
                    [
                        "bench", "load", "--url", broker.url, "--record", record, "--seconds", "30", "--topics",
                        "20000",
                        "--connections", "4", "--qos", round % 2 == 0 ? "2" : "1", "--clear-every", "11",
                        "--window", "\([1, 16, 256, 1024][random.next(below: 4)])", "--json",
                    ],
                    in: configuration.directory
                )
                _ = try await broker.process.wait(20, "the load is connected") {
                    broker.process.log.contains("as latch-load-p3 (") ? true : nil
                }
                // Without a key: where no broker runs any more, the commands end, and so does this.
                let upkeep = try ChildProcess(
                    "/bin/sh",
                    [
                        "-c", "while \"$0\" key rotate \"$1\" && \"$0\" checkpoint \"$1\"; do :; done",
                        Executable.latch(), configuration.storePath,
                    ],
                    in: configuration.directory
                )
                _ = try await upkeep.wait(20, "keys are rotated") { upkeep.log.contains("generation ") ? true : nil }
                try await Task.sleep(for: .milliseconds(random.next(below: 900)))
                try await broker.kill()
                try #require(try await load.end() == .code(0), "round \(round): \(load.log)")
                try await upkeep.end()
                acknowledged += try Self.acknowledged(load.standardOutput)
            }
            let broker = try await configuration.start()
            try await Client.bench("check", broker, "--record", record)
            let statistics = try await LatchProgram.run(
                ["statistics", configuration.storePath, "--json"],
                in: configuration.directory
            )
            let generation = try TestStore.object(statistics.standardOutput)["keyGeneration"] as? Int ?? 0
            #expect(acknowledged > 0 && generation > Self.rounds)
            try await broker.stop()
            try await LatchProgram.run(["verify", configuration.storePath], in: configuration.directory)
        }

        private static func acknowledged(_ json: String) throws -> Int {
            let report = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            return try #require(report?["acknowledged"] as? Int)
        }
    }
}
