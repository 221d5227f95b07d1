import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// What has been read of the store for a client that takes one message at a time must not grow old while it waits.
struct RetainedReadAheadTests {
    private static let topics = (0..<10).map { "r/\($0)" }

    /// Runs `body` with a subscriber that was sent the first retained message and has not acknowledged it.
    private func run(
        _ body: (BrokerHarness, _ publisher: MQTTClient, _ subscriber: MQTTClient, _ first: ReceivedMessage)
            async throws -> Void
    ) async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            for topic in Self.topics { try await publisher.publish(topic, "old", .atLeastOnce, isRetained: true) }
            let subscriber = try await broker.connect("subscriber") { $0.receiveMaximum = 1 }
            try await subscriber.subscribe("r/#", .atLeastOnce)
            guard case .publish(let first) = try await subscriber.receive() else {
                Issue.record("no retained message")
                return
            }
            try await body(broker, publisher, subscriber, first)
        }
    }

    @Test("A live message takes the place of the older value that was read (R1)")
    func newerValues() async throws {
        try await run { _, publisher, subscriber, first in
            for topic in Self.topics.dropFirst(3) {
                try await publisher.publish(topic, "new", .atLeastOnce, isRetained: true)
            }
            try await publisher.publish("r/2", "", .atLeastOnce, isRetained: true)
            try await subscriber.acknowledge(first)
            var values = [first.topic: [first.text]]
            // One at a time: each is sent when the one before it has been acknowledged.
            let count = Self.topics.count - (Self.topics.prefix(2).contains(first.topic) ? 1 : 0)
            for message in try await subscriber.messages(count) {
                values[message.topic, default: []].append(message.text)
            }
            #expect(try await subscriber.everything().isEmpty)
            for topic in Self.topics where topic != first.topic {
                let expected = topic == "r/2" ? [""] : Self.topics.dropFirst(3).contains(topic) ? ["new"] : ["old"]
                #expect(values[topic] == expected, "\(topic)")
            }
        }
    }

    @Test("Rights that were taken away hold for what was read before (S4)")
    func rights() async throws {
        try await run { broker, _, subscriber, first in
            broker.replaceRules(
                AccessRules([
                    AccessRule(subject: .anonymous, permission: .readWrite, filter: Array("r/1".utf8), line: 1)
                ])
            )
            try await subscriber.ping()
            try await subscriber.acknowledge(first)
            let rest = try await subscriber.messages(first.topic == "r/1" ? 0 : 1)
            #expect(rest.allSatisfy { $0.topic == "r/1" })
            #expect(try await subscriber.everything().isEmpty)
        }
    }
}
