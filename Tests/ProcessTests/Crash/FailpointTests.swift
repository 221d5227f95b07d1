import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// D1 and D2 where it hurts most: the release broker is killed, or its disk fails, at a call that a test names.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct FailpointTests {
        /// Each call that the order of writes is made of (CrashModel.md), and up to how many of them a load gets to.
        private static let points: [(name: String, countMax: Int)] = [
            ("segment-write", 200), ("segment-sync", 200), ("index-write", 40), ("index-sync", 5),
            ("spare-rename", 1), ("spare-sync", 1), ("directory-sync", 1), ("keyring-write", 1), ("keyring-sync", 1),
        ]

        @Test("D1: killed at any call that writes, syncs or names, a broker has every acknowledged message")
        func killedAtEveryPoint() async throws {
            var random = SeededRandom.announced()
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            var records: [String] = []
            try await configuration.start().stop()
            for (number, point) in Self.points.enumerated() {
                let count = 1 + random.next(below: point.countMax)
                configuration.environment = try await FaultLibrary.environment(
                    point.name,
                    count,
                    "kill",
                    in: configuration.directory
                )
                // One at the store's opening may be met before the broker runs.
                let process = try await configuration.startOrEnd()
                if process.poll() == nil {
                    records.append(configuration.directory.file("record-\(number)"))
                    try await load(process, configuration, records[records.count - 1], number, &random)
                }
                #expect(try await process.end() == .signal(SIGKILL), "\(point.name) \(count) was not met")
                configuration.environment = [:]
                let broker = try await configuration.start()
                // A broker that was killed before the load had connected has acknowledged nothing.
                for record in records where FileManager.default.fileExists(atPath: record) {
                    try await Client.bench("check", broker, "--record", record)
                }
                try await broker.stop()
            }
        }

        /// Loads a broker, with checkpoints, until it is killed.
        private func load(
            _ process: ChildProcess,
            _ configuration: BrokerConfiguration,
            _ record: String,
            _ number: Int,
            _ random: inout SeededRandom
        ) async throws {
            let load = try ChildProcess(
                Executable.latch(),
                [
                    "bench", "load", "--url", "mqtt://127.0.0.1:\(configuration.port)", "--record", record,
                    // A namespace of its own, so that a data key is made.
                    "--topic-prefix", "load-\(number)", "--seconds", "30", "--topics", "2000", "--payload-bytes", "300",
                    "--qos", random.next(below: 2) == 0 ? "2" : "1", "--clear-every", "7", "--window", "16",
                ],
                in: configuration.directory
            )
            _ = try await process.wait(60, "the broker is killed") { () -> Bool? in
                process.signal(SIGUSR1)
                return process.poll() != nil || load.poll() != nil ? true : nil
            }
            _ = try await load.end()
        }

        /// Each call that replacing the index is made of, and up to how many of them a small index takes.
        private static let compactionPoints: [(name: String, countMax: Int)] = [
            ("copy-write", 8), ("copy-sync", 2), ("copy-rename", 1), ("index-directory-sync", 1),
        ]

        @Test("D1: killed at any call of a compaction, under load, a broker has every acknowledged message")
        func killedWhileCompacting() async throws {
            var random = SeededRandom.announced()
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            let record = configuration.directory.file("record")
            try await fillIndex(configuration, record)
            for point in Self.compactionPoints {
                let count = 1 + random.next(below: point.countMax)
                configuration.environment = try await FaultLibrary.environment(
                    point.name,
                    count,
                    "kill",
                    in: configuration.directory
                )
                let broker = try await configuration.start()
                let load = try ChildProcess(
                    Executable.latch(),
                    [
                        "bench", "load", "--url", broker.url, "--record", record, "--seconds", "60", "--topics", "2000",
                        "--payload-bytes", "300", "--window", "16",
                    ],
                    in: configuration.directory
                )
                let compaction = try ChildProcess(
                    Executable.latch(),
                    ["compact", configuration.storePath, "--fast"],
                    in: configuration.directory
                )
                #expect(try await broker.process.end() == .signal(SIGKILL), "\(point.name) \(count) was not met")
                // It is told that its broker has ended.
                #expect(try await compaction.end() == .code(7), "\(compaction.standardError)")
                _ = try await load.end()
                configuration.environment = [:]
                let again = try await configuration.start()
                try await Client.bench("check", again, "--record", record)
                try await again.stop()
                let left = try FileManager.default.contentsOfDirectory(atPath: configuration.storePath + "/index")
                #expect(left.sorted() == ["data.mdb", "lock.mdb"])
            }
        }

        /// Makes a store whose index has pages that are no longer needed.
        private func fillIndex(_ configuration: BrokerConfiguration, _ record: String) async throws {
            let broker = try await configuration.start()
            for _ in 0..<3 {
                try await Client.bench(
                    "load",
                    broker,
                    "--record",
                    record,
                    "--messages",
                    "10000",
                    "--topics",
                    "2000",
                    "--payload-bytes",
                    "300"
                )
                try await Client.run(
                    Executable.latch(),
                    ["checkpoint", configuration.storePath],
                    in: configuration.directory
                )
            }
            try await broker.stop()
        }

        @Test("D2: where nobody knows which file the index's name belongs to, nothing is acknowledged any more")
        func failedReplacement() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let record = configuration.directory.file("record")
            try await fillIndex(configuration, record)
            configuration.environment = try await FaultLibrary.environment(
                "index-directory-sync",
                1,
                "\(EIO)",
                in: configuration.directory
            )
            let broker = try await configuration.start()
            let compaction = try ChildProcess(
                Executable.latch(),
                ["compact", configuration.storePath, "--fast"],
                in: configuration.directory
            )
            #expect(try await compaction.end() == .code(7), "\(compaction.standardOutput)")
            #expect(try await broker.process.end(withinSeconds: 30) == .code(7))
            configuration.environment = [:]
            let again = try await configuration.start()
            try await Client.bench("check", again, "--record", record)
            try await again.stop()
        }

        @Test("D2: after a failed sync nothing is acknowledged, plain messages flow, and the broker ends with 7")
        func failedSync() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try await configuration.start().stop()
            configuration.environment = try await FaultLibrary.environment(
                // One sync at opening, one for what is kept.
                "segment-sync",
                3,
                "\(EIO)",
                in: configuration.directory
            )
            let broker = try await configuration.start()
            let subscriber = try await LiveSubscriber(to: broker, "-t", "plain/#", "-q", "1")
            #expect(try await publish(broker, 5, "kept", "1") == "puback 10\n")
            // Its sync fails: it waits for an acknowledgement that never comes, and is told when the broker ends.
            let unlucky = try ChildProcess(
                Executable.python(),
                [Executable.client("raw_publish.py"), "\(broker.port)", "5", "1", "lost", "2"],
                in: broker.directory
            )
            _ = try await broker.process.wait(30, "the store has failed") {
                broker.process.log.contains("the store failed") ? true : nil
            }
            #expect(try await publish(broker, 5, "late", "3") == "puback 80\n")
            #expect(try await publish(broker, 4, "later", "4") == "closed\n")
            let health = try ChildProcess(
                Executable.latch(),
                ["health", configuration.storePath],
                in: broker.directory
            )
            #expect(try await health.end() == .code(7))
            #expect(health.log.contains("failed"), "\(health.log)")
            try await Client.publish(to: broker, "-q", "1", "-t", "plain/a", "-m", "x")
            try await subscriber.wait(for: "plain/a 1 0 x")
            #expect(try await broker.process.end(withinSeconds: 30) == .code(7))
            _ = try await unlucky.end()
            #expect(unlucky.standardOutput == "disconnect 8b\n", "\(unlucky.log)")
            configuration.environment = [:]
            let again = try await configuration.start()
            let lines = try await Client.subscribe(to: again, "-t", "kept", "-C", "1", "-W", "20")
            #expect(lines == ["1"])
            try await again.stop()
        }

        @Test("D3: without space for a data key a message is refused, and taken when there is space")
        func fullKeyring() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try await configuration.start().stop()
            configuration.environment = try await FaultLibrary.environment(
                "keyring-allocate",
                1,
                "\(ENOSPC)",
                in: configuration.directory
            )
            let broker = try await configuration.start()
            #expect(try await publish(broker, 5, "kept", "1") == "puback 97\n")
            #expect(try await publish(broker, 5, "kept", "2") == "puback 10\n")
            try await broker.kill()
            configuration.environment = [:]
            let again = try await configuration.start()
            #expect(try await Client.subscribe(to: again, "-t", "kept", "-C", "1", "-W", "20") == ["2"])
            try await again.stop()
        }

        private func publish(_ broker: RunningBroker, _ version: Int, _ topic: String, _ payload: String) async throws
            -> String
        {
            try await Client.run(
                Executable.python(),
                [Executable.client("raw_publish.py"), "\(broker.port)", "\(version)", "1", topic, payload],
                in: broker.directory
            )
        }
    }
}
