import Foundation
import Glibc
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

        /// At QoS 0 a load is over when the broker has read it, not when it has left the client.
        @Test func qos0IsMeasuredToItsEnd() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let report = try await report(broker, "--qos", "0", "--messages", "20000", "--topics", "100")
            #expect(report["acknowledged"] as? Int == 20_000)
            // The kernel takes them at ten to twenty million a second; no broker reads as fast.
            #expect(report["messagesPerSecond"] as? Double ?? 1e9 < 5_000_000, "\(report)")
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

        @Test(arguments: ["3.1.1", "5.0"], ["0", "1", "2"])
        func publishesOverWebSocket(version: String, qos: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let report = try await report(
                broker,
                "--url",
                "ws://127.0.0.1:\(broker.webSocketPort)/mqtt",
                "--mqtt-version",
                version,
                "--qos",
                qos,
                "--messages",
                "5000",
                "--topics",
                "100"
            )
            #expect(report["acknowledged"] as? Int == 5_000)
            #expect(report["version"] as? String == version)
            try await broker.stop()
        }

        @Test(arguments: ["mqtt", "ws"]) func deliversUnderVersion5(scheme: String) async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            if Executable.isMosquitto { configuration.lines = ["max_queued_messages 0"] }
            let broker = try await configuration.start()
            let port = scheme == "ws" ? broker.webSocketPort : broker.port
            let shared = [
                "--url", "\(scheme)://127.0.0.1:\(port)", "--mqtt-version", "5.0", "--payload-bytes", "70000",
            ]
            _ = try await report(broker, shared + ["--messages", "100", "--topics", "100"])
            let retained = try await report(broker, shared + ["--mode", "retained", "--topics", "100"])
            #expect(retained["delivered"] as? Int == 100)
            let live = try await report(
                broker,
                shared + ["--mode", "fanout", "--messages", "100", "--connections", "2", "--subscribers", "3"]
            )
            #expect(live["delivered"] as? Int == 300)
            try await broker.stop()
        }

        /// What is due is sent, no more and no less, and lateness counts from when it was due.
        @Test func keepsARate() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let report = try await report(broker, "--rate", "2000", "--seconds", "1", "--topics", "100")
            let published = try #require(report["published"] as? Int)
            let late = try #require(report["unsentDue"] as? Int)
            #expect((2_000...2_001).contains(published + late), "\(published) sent, \(late) not")
            #expect(report["acknowledged"] as? Int == published)
            try await broker.stop()
        }

        @Test(arguments: ["mqtt", "ws"]) func keepsIdleConnections(scheme: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let port = scheme == "ws" ? broker.webSocketPort : broker.port
            let report = try await report(
                broker,
                "--url",
                "\(scheme)://127.0.0.1:\(port)",
                "--mode",
                "idle",
                "--connections",
                "200",
                "--seconds",
                "0.2"
            )
            #expect(report["alive"] as? Int == 200)
            #expect(report["brokerBytesAfter"] as? Int ?? 0 > 0)
            try await broker.stop()
        }

        /// What a connection that says nothing costs a broker; both processes inherit the limit of descriptors.
        @Test(.enabled(if: DescriptorLimit.raise(to: 10_100), "a descriptor for each connection: ulimit -n 10100"))
        func tenThousandIdleConnectionsTakeLessThanTenKilobytesEach() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            let broker = try await configuration.start()
            let report = try await report(broker, "--mode", "idle", "--connections", "10000", "--seconds", "0.2")
            #expect(report["alive"] as? Int == 10_000)
            #expect(report["brokerBytesPerConnection"] as? Double ?? .infinity < 10_000)
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
            try await report(broker, arguments)
        }

        private func report(_ broker: RunningBroker, _ arguments: [String]) async throws -> [String: Any] {
            let url = arguments.contains("--url") ? [] : ["--url", broker.url]
            let output = try await Client.run(
                Executable.latch(),
                ["bench", "load", "--json", "--pid", "\(broker.process.pid)"] + url + arguments,
                in: broker.directory
            )
            return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }
}
