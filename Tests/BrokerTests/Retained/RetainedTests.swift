import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// Retained messages (MQTT 5.0, 3.3.1.3, 3.3.2.3.3, 3.8.3.1).
struct RetainedTests {
    @Test(arguments: [ProtocolVersion.v311, .v50])
    func theNewestValueAwaitsItsSubscribers(version: ProtocolVersion) async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher", version)
            try await publisher.publish("a/b", "old", .atLeastOnce, isRetained: true)
            try await publisher.publish("a/b", "new", .exactlyOnce, isRetained: true)
            try await publisher.publish("a/b", "not retained", .atLeastOnce)
            try await publisher.publish("a/c", "other", .atMostOnce, isRetained: true)
            let subscriber = try await broker.connect("subscriber", version)
            try await subscriber.subscribe("a/+", .atLeastOnce)
            let messages = try await subscriber.everything().sorted { $0.topic < $1.topic }
            #expect(messages.map(\.text) == ["new", "other"])
            #expect(messages.map(\.qos) == [.atLeastOnce, .atMostOnce])
            #expect(messages.allSatisfy { $0.isRetained && !$0.isDuplicate })
        }
    }

    @Test func anEmptyPayloadClearsAndIsForwarded() async throws {
        try await BrokerHarness.run { broker in
            let live = try await broker.connect("live")
            try await live.subscribe("a")
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "x", .atLeastOnce, isRetained: true)
            try await publisher.publish("a", "", .atLeastOnce, isRetained: true)
            #expect(try await live.everything().map(\.text) == ["x", ""])
            let late = try await broker.connect("late")
            try await late.subscribe("#")
            #expect(try await late.everything().isEmpty)
        }
    }

    @Test func whatACheckpointMovedIsStillThere() async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("kept", "1", .atLeastOnce, isRetained: true)
            try await publisher.publish("replaced", "1", .atLeastOnce, isRetained: true)
            try await publisher.publish("cleared", "1", .atLeastOnce, isRetained: true)
            try broker.store.checkpoint()
            try await publisher.publish("replaced", "2", .atLeastOnce, isRetained: true)
            try await publisher.publish("cleared", "", .atLeastOnce, isRetained: true)
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#")
            #expect(try await subscriber.everything().map { $0.topic + $0.text }.sorted() == ["kept1", "replaced2"])
        }
    }

    /// [MQTT-3.3.1-12], [MQTT-3.3.1-13]
    @Test func retainAsPublishedKeepsTheFlagOfLiveMessages() async throws {
        try await BrokerHarness.run { broker in
            let plain = try await broker.connect("plain")
            try await plain.subscribe("a")
            let keeping = try await broker.connect("keeping")
            try await keeping.subscribe("a", isRetainAsPublished: true)
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "1", .atLeastOnce, isRetained: true)
            try await publisher.publish("a", "2", .atLeastOnce)
            #expect(try await plain.everything().map(\.isRetained) == [false, false])
            #expect(try await keeping.everything().map(\.isRetained) == [true, false])
        }
    }

    /// [MQTT-3.3.1-9] to [MQTT-3.3.1-11]
    @Test func retainHandlingSaysWhenRetainedMessagesAreSent() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.publish("a", "x", .atLeastOnce, isRetained: true)
            var counts: [Int] = []
            for handling in [RetainHandling.never, .ifNew, .always] {
                try await client.unsubscribe("a")
                for _ in 0..<2 {
                    try await client.subscribe("a", retainHandling: handling)
                    counts.append(try await client.everything().count)
                }
            }
            #expect(counts == [0, 0, 1, 0, 1, 1])
        }
    }

    /// MQTT 5.0, 4.8.2
    @Test func aSharedSubscriptionGetsNoRetainedMessages() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.publish("a", "x", .atLeastOnce, isRetained: true)
            try await client.subscribe("$share/g/a")
            #expect(try await client.everything().isEmpty)
        }
    }

    /// [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    @Test func expiryIsCountedDownAndObeyed() async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            var long = OutgoingMessage("long", "x", .atLeastOnce, isRetained: true)
            long.messageExpirySeconds = 1_000
            try await publisher.publish(long)
            var short = OutgoingMessage("short", "x", .atLeastOnce, isRetained: true)
            short.messageExpirySeconds = 1
            try await publisher.publish(short)
            let subscriber = try await broker.connect("subscriber")
            var topics: [String] = ["long", "short"]
            // Bounded: the short one is over after a second.
            for _ in 0..<600 where topics.contains("short") {
                try await Task.sleep(for: .milliseconds(50))
                try await subscriber.subscribe("#")
                let messages = try await subscriber.everything()
                topics = messages.map(\.topic)
                for message in messages where message.topic == "long" {
                    #expect((900...1_000).contains(message.messageExpirySeconds ?? 0))
                }
            }
            #expect(topics == ["long"])
        }
    }

    @Test func propertiesAreKept() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            let properties = [UserProperty(name: "n", value: "1"), UserProperty(name: "n", value: "2")]
            var message = OutgoingMessage("a", "x", .atLeastOnce, isRetained: true)
            message.forwardedProperties = ForwardedProperties.encode(userProperties: properties)
            try await client.publish(message)
            try await client.subscribe("a", identifier: 5)
            let received = try await client.message()
            #expect(received.userProperties == properties)
            #expect(received.subscriptionIdentifiers == [5])
        }
    }
}
