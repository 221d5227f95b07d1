import Testing

extension ProcessTests {
    /// Publishing and subscribing with Debian's own command-line clients.
    @Suite struct MosquittoClientTests {
        @Test(arguments: ["0", "1", "2"], ["mqttv311", "mqttv5"])
        func aRetainedMessageReachesALaterSubscriber(qos: String, version: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            try await Client.publish(to: broker, "-V", version, "-q", qos, "-r", "-t", "house/hall/temp", "-m", "21.5")
            let lines = try await Client.subscribe(
                to: broker,
                "-V",
                version,
                "-q",
                qos,
                "-t",
                "house/+/temp",
                "-C",
                "1",
                "-W",
                "20",
                "-F",
                "%t %q %r %p"
            )
            #expect(lines == ["house/hall/temp \(qos) 1 21.5"])
            try await broker.stop()
        }

        @Test(arguments: ["0", "1", "2"])
        func aLiveMessageReachesASubscriber(qos: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let subscriber = try await LiveSubscriber(to: broker, "-q", qos, "-t", "live/#", "-C", "1")
            try await Client.publish(to: broker, "-q", qos, "-t", "live/door", "-m", "open")
            #expect(try await subscriber.process.end() == .code(0))
            #expect(subscriber.messages == ["live/door \(qos) 0 open"])
            try await broker.stop()
        }

        /// Ten cleared topics and one that is not: whatever order a broker delivers in, a clear that failed would come
        /// before the marker in ten cases of eleven.
        @Test func aClearedTopicIsGone() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            for topic in 0..<10 {
                try await Client.publish(to: broker, "-q", "1", "-r", "-t", "gone/\(topic)", "-m", "x")
            }
            for topic in 0..<10 { try await Client.publish(to: broker, "-q", "1", "-r", "-t", "gone/\(topic)", "-n") }
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "gone/marker", "-m", "here")
            let lines = try await Client.subscribe(to: broker, "-t", "gone/#", "-C", "1", "-W", "20", "-F", "%t %p")
            #expect(lines == ["gone/marker here"])
            try await broker.stop()
        }

        @Test func aLargeBinaryPayloadIsUnchanged() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let text = (0..<20_000).map { String($0, radix: 36) }.joined(separator: ".")
            let file = try broker.directory.write("payload", text)
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "large", "-f", file)
            let lines = try await Client.subscribe(to: broker, "-t", "large", "-C", "1", "-W", "20")
            #expect(lines == [text])
            try await broker.stop()
        }

        @Test func aWillIsPublishedWhenItsOwnerDies() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let owner = try await LiveSubscriber(
                to: broker,
                "-t",
                "nothing",
                "--will-topic",
                "will/owner",
                "--will-payload",
                "gone",
                "--will-retain",
                "--will-qos",
                "1"
            )
            try await owner.process.kill()
            let lines = try await Client.subscribe(to: broker, "-t", "will/#", "-C", "1", "-W", "20")
            #expect(lines == ["gone"])
            try await broker.stop()
        }
    }
}
