import Foundation
import Testing

extension ProcessTests {
    /// What the replaced deployment's own continuous integration asserts, with this broker in mosquitto's place.
    ///
    /// The files are the deployment's (`Fixtures/deploy/replaced`), with ports and paths moved into the test's directory.
    @Suite struct DeploymentContractTests {
        private static let user = "my_username"

        /// The deployment's configuration, its ports and paths replaced and nothing else.
        private func configuration(_ directory: TemporaryDirectory) throws -> DeploymentConfiguration {
            try DeploymentConfiguration(in: directory)
        }

        @Test func aHealthProbeIsAnsweredAlthoughItsTopicIsDenied() async throws {
            let broker = try await configuration(TemporaryDirectory()).start()
            try await Client.publish(to: broker, "-t", "health", "-m", "health check")
            try await broker.stop()
        }

        @Test func ownMessagesSurviveARestartAndForeignOnesAreDropped() async throws {
            let deployment = try configuration(TemporaryDirectory())
            let first = try await deployment.start()
            try await publishAsTheDeploymentDoes(to: first)
            try await first.stop()

            let second = try await deployment.start()
            try await expectOwnMessageOnly(from: second)
            try await second.stop()
        }

        /// The same, but the broker never has the chance to save: mosquitto cannot promise this, Latch must.
        @Test(.enabled(if: !Executable.isMosquitto)) func messagesAtQoS1SurviveAKill() async throws {
            let deployment = try configuration(TemporaryDirectory())
            let first = try await deployment.start()
            try await Client.publish(
                to: first,
                "-u",
                Self.user,
                "-t",
                "\(Self.user)/topic",
                "-m",
                "Test message",
                "-r",
                "-q",
                "1"
            )
            try await first.kill()
            let second = try await deployment.start()
            try await expectOwnMessageOnly(from: second)
            try await second.stop()
        }

        private func publishAsTheDeploymentDoes(to broker: RunningBroker) async throws {
            try await Client.publish(
                to: broker,
                "-u",
                Self.user,
                "-t",
                "\(Self.user)/topic",
                "-m",
                "Test message",
                "-r"
            )
            try await Client.publish(
                to: broker,
                "-u",
                Self.user,
                "-t",
                "other_username/topic",
                "-m",
                "Test message",
                "-r"
            )
        }

        private func expectOwnMessageOnly(from broker: RunningBroker) async throws {
            let own = try await Client.subscribe(
                to: broker,
                "-u",
                Self.user,
                "-t",
                "\(Self.user)/topic",
                "-C",
                "1",
                "-W",
                "20"
            )
            #expect(own == ["Test message"])
            // As the deployment does: a time limit, and only the output counts.
            let foreign = try ChildProcess(
                Executable.mosquittoSub(),
                [
                    "-h", "127.0.0.1", "-p", "\(broker.port)", "-u", "username", "-t", "other_username/topic", "-C",
                    "1",
                    "-W", "3",
                ],
                in: broker.directory
            )
            try await foreign.end()
            #expect(foreign.standardOutput == "")
        }
    }
}
