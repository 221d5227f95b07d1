import Foundation
import Testing

extension ProcessTests {
    /// Wills that outlive the broker, between processes.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct KeptWillTests {
        /// mosquitto's own clients die with a broker that is killed; those of them whose session is kept are missed by the next
        /// one, once, each when its delay has passed.
        @Test func whoDiedWithTheBrokerIsMissedOnce() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            var broker = try await configuration.start()
            _ = try await watch(broker, "will/#", "-E", "-W", "20")
            let clients = [
                try await LiveSubscriber(
                    to: broker,
                    "-c",
                    "-i",
                    "old",
                    "-t",
                    "x",
                    "--will-topic",
                    "will/old",
                    "--will-payload",
                    "gone",
                    "--will-qos",
                    "2",
                    "--will-retain"
                ),
                try await LiveSubscriber(
                    to: broker,
                    "-V",
                    "5",
                    "-c",
                    "-i",
                    "late",
                    "-x",
                    "1000",
                    "-t",
                    "x",
                    "--will-topic",
                    "will/late",
                    "--will-payload",
                    "gone later",
                    "--will-qos",
                    "2",
                    "-D",
                    "will",
                    "will-delay-interval",
                    "3"
                ),
                // Its session ends with the broker, and nobody can know of its will.
                try await LiveSubscriber(
                    to: broker,
                    "-i",
                    "clean",
                    "-t",
                    "x",
                    "--will-topic",
                    "will/clean",
                    "--will-payload",
                    "unknown",
                    "--will-qos",
                    "1"
                ),
            ]
            try await broker.kill()
            for client in clients { try await client.process.kill() }
            broker = try await configuration.start()
            // Another subscription, as one that is made again brings what is retained.
            let wills = try await watch(broker, "nothing", "-C", "2", "-W", "20", "-F", "%t %p")
            #expect(wills == ["will/old gone", "will/late gone later"])
            try await broker.kill()
            broker = try await configuration.start()
            let more = try await watch(broker, "nothing", "-W", "1", expecting: .code(27))
            #expect(more.isEmpty)
            let retained = try await Client.subscribe(
                to: broker,
                "-t",
                "will/#",
                "-C",
                "1",
                "-W",
                "20",
                "-F",
                "%r %t %p"
            )
            #expect(retained == ["1 will/old gone"])
            try await broker.stop()
            let verify = try await LatchProgram.run(
                ["verify", configuration.storePath, "--json"],
                in: configuration.directory
            )
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(verify.standardOutput.utf8)) as? [String: Any]
            )
            // Three sessions and their four subscriptions, and no will any more.
            #expect(report["sessionRecords"] as? Int == 7)
        }

        /// At QoS 2, so that what a broker has not heard of an acknowledgement when it is killed brings no message again.
        private func watch(
            _ broker: RunningBroker,
            _ filter: String,
            _ arguments: String...,
            expecting exit: Exit = .code(0)
        ) async throws -> [String] {
            try await Client.subscribe(
                to: broker,
                ["-c", "-i", "watcher", "-q", "2", "-t", filter] + arguments,
                expecting: exit
            )
        }
    }
}
