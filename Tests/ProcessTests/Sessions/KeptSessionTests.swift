import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// Sessions that outlive the broker, between processes.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct KeptSessionTests {
        private static let rounds = 15

        /// A publisher and a subscriber that keep their sessions, while the broker is killed at random moments, with
        /// checkpoints in between: at QoS 2 every message arrives exactly once and in order, at QoS 1 at least once.
        ///
        /// The seed is printed; `LATCH_TEST_SEED` gives it again.
        @Test(arguments: [(1, false), (2, false), (2, true)])
        func everyMessageArrivesAsItsQualityOfServicePromises(qos: Int, isRetained: Bool) async throws {
            var random = SeededRandom.announced()
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            configuration.lines = ["max_queued_messages 0"]
            var broker = try await configuration.start()
            var arguments = [
                Executable.client("kept_sessions.py"), "--port", "\(broker.port)", "--qos", "\(qos)", "--messages",
                "4000", "--window", "\([1, 10, 100][random.next(below: 3)])", "--pause", "0.001",
            ]
            if isRetained { arguments.append("--retain") }
            let clients = try ChildProcess(Executable.python(), arguments, in: configuration.directory)
            _ = try await clients.wait(30, "the subscription stands") {
                clients.standardOutput.contains("subscribed") ? true : nil
            }
            for round in 1...Self.rounds {
                // At a random moment: nothing is waited for.
                try await Task.sleep(for: .milliseconds(random.next(below: 400)))
                if round % 3 == 0 { broker.process.signal(SIGUSR1) }
                try await broker.kill()
                broker = try await configuration.start()
            }
            let exit = try await clients.end(withinSeconds: 250)
            #expect(exit == .code(0), "\(clients.log)")
            #expect(clients.standardOutput.hasSuffix("all checks passed\n"), "\(clients.standardOutput)")
            try await broker.stop()
            let verify = try await LatchProgram.run(
                ["verify", configuration.storePath, "--json"],
                in: configuration.directory
            )
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(verify.standardOutput.utf8)) as? [String: Any]
            )
            // Two sessions and a subscription, all there is left at QoS 2; at QoS 1 the last acknowledgements may be
            // with the broker that was killed last.
            if qos == 2 { #expect(report["sessionRecords"] as? Int == 3) }
        }

        /// paho-mqtt finds the session that it has left, with what came meanwhile, after each kill.
        @Test(arguments: ["3.1.1", "5.0"]) func pahoFindsItsSession(version: String) async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            var broker = try await configuration.start()
            func run(_ broker: RunningBroker, _ arguments: String...) async throws {
                let output = try await Client.run(
                    Executable.python(),
                    [
                        Executable.client("paho_kept_session.py"), "--port", "\(broker.port)", "--version", version,
                    ] + arguments,
                    in: broker.directory
                )
                #expect(output.hasSuffix("all checks passed\n"), "\(output)")
            }
            try await run(broker, "--make")
            for round in 0..<3 {
                for (number, qos) in ["1", "2"].enumerated() {
                    try await Client.publish(
                        to: broker,
                        "-q",
                        qos,
                        "-t",
                        "kept/\(number)",
                        "-m",
                        "\(round).\(number)",
                        "-r"
                    )
                }
                try await broker.kill()
                broker = try await configuration.start()
                try await run(broker, "--expect", "\(round).0", "\(round).1")
            }
            try await broker.stop()
        }

        /// mosquitto's own clients: what was acknowledged while the subscriber was away comes in order, after a kill for
        /// each dozen of messages.
        @Test(arguments: ["1", "2"]) func whatWasQueuedComesInOrderAfterKills(qos: String) async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            var broker = try await configuration.start()
            _ = try await Client.subscribe(to: broker, "-c", "-i", "kept", "-q", qos, "-t", "away/#", "-E", "-W", "20")
            for round in 0..<4 {
                for number in 0..<12 {
                    try await Client.publish(
                        to: broker,
                        "-q",
                        qos,
                        "-t",
                        "away/\(number % 2)",
                        "-m",
                        "\(round * 12 + number)"
                    )
                }
                if round == 2 { broker.process.signal(SIGUSR1) }
                try await broker.kill()
                broker = try await configuration.start()
            }
            let lines = try await Client.subscribe(
                to: broker,
                "-c",
                "-i",
                "kept",
                "-q",
                qos,
                "-t",
                "away/#",
                "-C",
                "48",
                "-W",
                "20",
                "-F",
                "%q %p"
            )
            #expect(lines == (0..<48).map { "\(qos) \($0)" })
            try await broker.stop()
        }
    }
}
