import Glibc
import Testing

extension ProcessTests {
    /// What an administrator's signals do.
    @Suite struct SignalTests {
        @Test(arguments: [SIGTERM, SIGINT]) func endsCleanly(signal: Int32) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            broker.process.signal(signal)
            #expect(try await broker.process.end(withinSeconds: 30) == .code(0), "\(broker.process.log)")
        }

        @Test func hangUpReadsTheACLAgain() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.acl = "topic readwrite open/#\n"
            let broker = try await configuration.start()
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "closed/a", "-m", "before")
            configuration.acl = "topic readwrite open/#\ntopic readwrite closed/#\n"
            try configuration.write()
            broker.process.signal(SIGHUP)
            // The signal has no answer: publish again until the new rules let it through.
            let deadline = ContinuousClock.now + .seconds(20)
            var lines: [String] = []
            while lines.isEmpty, ContinuousClock.now < deadline {
                try await Client.publish(to: broker, "-q", "1", "-r", "-t", "closed/a", "-m", "after")
                lines = try await read("closed/a", from: broker)
            }
            #expect(lines == ["after"])
            try await broker.stop()
        }

        @Test func hangUpTakesRightsFromThoseWhoAreConnected() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.acl = "topic readwrite a/#\ntopic readwrite b/#\n"
            let broker = try await configuration.start()
            let subscriber = try await LiveSubscriber(to: broker, "-t", "a/#", "-t", "b/#")
            configuration.acl = "topic write a/#\ntopic readwrite b/#\n"
            try configuration.write()
            broker.process.signal(SIGHUP)
            // Rights are gone once a retained message of a new subscriber is withheld; then the old one must not get it.
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "a/marker", "-m", "x")
            let deadline = ContinuousClock.now + .seconds(20)
            while try await !read("a/marker", from: broker).isEmpty, ContinuousClock.now < deadline {}
            try await Client.publish(to: broker, "-q", "1", "-t", "a/withheld", "-m", "x")
            try await Client.publish(to: broker, "-q", "1", "-t", "b/fence", "-m", "x")
            try await subscriber.wait(for: "b/fence 0 0 x")
            #expect(!subscriber.messages.contains { $0.hasPrefix("a/withheld") })
            try await broker.stop()
        }

        /// The retained message of a topic, or nothing after two seconds: a right that is missing has no message of its own.
        private func read(_ topic: String, from broker: RunningBroker) async throws -> [String] {
            let subscriber = try ChildProcess(
                Executable.mosquittoSub(),
                ["-h", "127.0.0.1", "-p", "\(broker.port)", "-t", topic, "-C", "1", "-W", "2"],
                in: broker.directory
            )
            try await subscriber.end()
            return subscriber.standardOutput.split(separator: "\n").map(String.init)
        }
    }
}
