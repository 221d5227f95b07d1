import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// SUBSCRIBE and UNSUBSCRIBE, and who gets what (MQTT 5.0, 3.8, 3.10, 4.7, 4.8).
struct SubscribeTests {
    @Test(arguments: [
        ("a/b", ["a/b"]), ("a/+", ["a/b", "a/"]), ("a/#", ["a", "a/b", "a/", "a/b/c"]), ("+/b", ["a/b", "/b"]),
        ("#", ["a", "a/b", "a/", "a/b/c", "/b"]), ("+/+", ["a/b", "a/", "/b"]), ("$dev/#", ["$dev/b"]),
        ("$dev/+", ["$dev/b"]),
    ])
    func aFilterMatchesWhatItShould(filter: String, topics: [String]) async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe(filter)
            let publisher = try await broker.connect("publisher")
            for topic in ["a", "a/b", "a/", "a/b/c", "/b", "$dev/b"] {
                await publisher.send(OutgoingMessage(topic, "x"))
            }
            try await publisher.ping()
            #expect(try await subscriber.everything().map(\.topic) == topics)
        }
    }

    /// One message, at the highest QoS, with the identifiers of all subscriptions that match [MQTT-3.3.4-2, -3].
    @Test func overlappingSubscriptionsGetOneMessage() async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("a/#", .atMostOnce, identifier: 1)
            try await subscriber.subscribe("a/+", .exactlyOnce, identifier: 200)
            try await subscriber.subscribe("a/b", .atLeastOnce)
            try await subscriber.subscribe("other", .atLeastOnce, identifier: 3)
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/b", "x", .exactlyOnce)
            let messages = try await subscriber.everything()
            #expect(messages.map(\.qos) == [.exactlyOnce])
            #expect(messages.map { $0.subscriptionIdentifiers.sorted() } == [[1, 200]])
        }
    }

    @Test func subscribingAgainReplacesTheSubscription() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("a", .exactlyOnce, identifier: 1)
            try await client.subscribe("a", .atMostOnce, identifier: 2)
            try await client.publish("a", "x", .exactlyOnce)
            let messages = try await client.everything()
            #expect(messages.map(\.qos) == [.atMostOnce])
            #expect(messages.map(\.subscriptionIdentifiers) == [[2]])
        }
    }

    /// [MQTT-3.8.4-4], and [MQTT-3.8.4-3] of 3.1.1: what is published meanwhile arrives, once and in order.
    @Test(arguments: [ProtocolVersion.v311, .v50]) func subscribingAgainLosesNothing(version: ProtocolVersion)
        async throws
    {
        let count = 200
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber", version)
            try await subscriber.subscribe("a", .atLeastOnce)
            let publisher = try await broker.connect("publisher", version)
            async let published: Void = {
                for number in 0..<count { try await publisher.publish("a", "\(number)", .atLeastOnce) }
            }()
            for _ in 0..<50 { try await subscriber.subscribe("a", .atLeastOnce) }
            try await published
            #expect(try await subscriber.messages(count).map(\.text) == (0..<count).map { "\($0)" })
            #expect(try await subscriber.everything().isEmpty)
        }
    }

    /// [MQTT-3.3.4-5]
    @Test func aSharedAndAnOrdinarySubscriptionBringACopyEach() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("a", .atLeastOnce, identifier: 1)
            try await client.subscribe("$share/group/a", .atLeastOnce, identifier: 2)
            try await client.publish("a", "x", .atLeastOnce)
            let identifiers = try await client.everything().map(\.subscriptionIdentifiers)
            #expect(identifiers.sorted { $0[0] < $1[0] } == [[1], [2]])
        }
    }

    @Test func noLocalLeavesOutOnesOwnMessages() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("a", isNoLocal: true)
            try await client.publish("a", "own")
            try await broker.connect("b").publish("a", "foreign")
            #expect(try await client.everything().map(\.text) == ["foreign"])
        }
    }

    @Test func severalFiltersHaveACodeEach() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            let codes = try await client.subscribe([
                Subscription(filter: "a", maximumQoS: .atMostOnce),
                Subscription(filter: "b", maximumQoS: .exactlyOnce),
                Subscription(filter: "c", maximumQoS: .atLeastOnce),
            ])
            #expect(codes.map(\.rawValue) == [0, 2, 1])
        }
    }

    @Test func unsubscribingEndsDelivery() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("a")
            try await client.subscribe("b")
            #expect(try await client.unsubscribe("a", "never") == [.success, .noSubscriptionExisted])
            try await client.publish("a", "1")
            try await client.publish("b", "2")
            #expect(try await client.everything().map(\.text) == ["2"])
        }
    }

    @Test func aSharedSubscriptionGivesEachMessageToOne() async throws {
        try await BrokerHarness.run { broker in
            var members: [MQTTClient] = []
            for name in ["m1", "m2", "m3"] {
                let member = try await broker.connect(name)
                try await member.subscribe("$share/group/jobs/+", .atLeastOnce)
                members.append(member)
            }
            let other = try await broker.connect("other")
            try await other.subscribe("$share/another/jobs/#", .atLeastOnce)
            let publisher = try await broker.connect("publisher")
            let jobs = (10..<25).map { "\($0)" }
            for job in jobs { try await publisher.publish("jobs/\(job)", job, .atLeastOnce) }
            var taken: [String] = []
            for member in members {
                let share = try await member.everything().map(\.text)
                #expect(!share.isEmpty)
                taken += share
            }
            #expect(taken.sorted() == jobs)
            #expect(try await other.everything().map(\.text) == jobs)
        }
    }
}
