import Foundation
import Testing

extension ProcessTests {
    /// `latch bench load` and `latch bench check` against a live broker.
    @Suite struct LoadTests {
        @Test(arguments: ["0", "1", "2"]) func publishesEveryMessage(qos: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let report = try await report(broker, "--qos", qos, "--messages", "10000", "--topics", "100")
            #expect(report["acknowledged"] as? Int == 10_000)
            #expect(report["strayAcknowledgements"] as? Int == 0)
            #expect((report["broker"] as? [String: Any])?["anonymousMemoryBytes"] as? Int ?? 0 > 0)
            try await broker.stop()
        }

        @Test(arguments: ["0", "1"]) func takesTheRetainedSet(qos: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            _ = try await report(broker, "--messages", "900", "--topics", "900")
            let report = try await report(
                broker,
                "--mode",
                "retained",
                "--topics",
                "900",
                "--subscribers",
                "3",
                "--qos",
                qos
            )
            #expect(report["delivered"] as? Int == 2_700)
            try await broker.stop()
        }

        @Test(arguments: ["0", "1"]) func fansOut(qos: String) async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            // mosquitto counts what it has not yet read the acknowledgement of, and drops beyond its limit.
            if Executable.isMosquitto { configuration.lines = ["max_queued_messages 0"] }
            let broker = try await configuration.start()
            let report = try await report(
                broker,
                "--mode",
                "fanout",
                "--messages",
                "2000",
                "--connections",
                "2",
                "--subscribers",
                "5",
                "--qos",
                qos
            )
            #expect(report["delivered"] as? Int == 10_000)
            #expect(report["undelivered"] as? Int == 0)
            try await broker.stop()
        }

        /// The check can fail: a message that was acknowledged and then cleared by someone else is missing.
        @Test func theCheckFindsWhatIsMissingAndWhatIsForeign() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let record = broker.directory.file("record")
            try await Client.bench("load", broker, "--record", record, "--messages", "500", "--topics", "50")
            try await Client.bench("check", broker, "--record", record)
            try await Client.publish(to: broker, "-q", "1", "-r", "-n", "-t", "bench/dev00007/temp")
            try await Client.publish(to: broker, "-q", "1", "-r", "-m", "x", "-t", "bench/dev00008/temp")
            let output = try await Client.bench("check", broker, "--record", record, "--json", expecting: .code(4))
            let report = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
            #expect(report?["lost"] as? Int == 2)
            #expect(report?["foreign"] as? Int == 1)
            try await broker.stop()
        }

        private func report(_ broker: RunningBroker, _ arguments: String...) async throws -> [String: Any] {
            let output = try await Client.run(
                Executable.latch(),
                ["bench", "load", "--url", broker.url, "--json", "--pid", "\(broker.process.pid)"] + arguments,
                in: broker.directory
            )
            return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }
}
