import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// `$SYS`: what mosquitto publishes, and what the store has to say (mosquitto(8), BROKER STATUS).
struct SystemTopicTests {
    /// Everything that mosquitto's page names, except what it no longer publishes.
    private static let mosquittos: Set = Set(
        """
        version uptime clients/total clients/maximum clients/connected clients/active clients/disconnected clients/inactive
        clients/expired messages/received messages/sent messages/stored store/messages/count store/messages/bytes
        subscriptions/count shared_subscriptions/count publish/messages/received publish/messages/sent
        publish/messages/dropped publish/bytes/received publish/bytes/sent bytes/received bytes/sent heap/current heap/maximum
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { "$SYS/broker/\($0)" }
            + ["$SYS/broker/retained messages/count"]
            + [
                "messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent",
                "bytes/received", "bytes/sent", "sockets", "connections",
            ]
            .flatMap { name in ["1min", "5min", "15min"].map { "$SYS/broker/load/\(name)/\($0)" } }
    )

    private func setup() -> BrokerSetup {
        var setup = BrokerSetup()
        setup.systemIntervalSeconds = 1
        return setup
    }

    @Test func aNewSubscriberGetsTheCurrentValues() async throws {
        try await BrokerHarness.run(setup()) { broker in
            let client = try await broker.connect("a")
            var values: [String: ReceivedMessage] = [:]
            // The first interval may not have ended.
            while values["$SYS/broker/uptime"] == nil {
                try await client.subscribe("$SYS/#", .exactlyOnce)
                for message in try await client.everything() { values[message.topic] = message }
                try await client.unsubscribe("$SYS/#")
            }
            let topics = Set(values.keys)
            #expect(Self.mosquittos.subtracting(topics) == [])
            for name in ["retained/count", "journal/lag", "sync/age", "checkpoint/age"] {
                #expect(topics.contains("$SYS/broker/store/\(name)"))
            }
            let wanted: TopicFilter = "$SYS/broker/clients/+"
            try await client.subscribe([
                Subscription(filter: wanted, maximumQoS: .atMostOnce, retainHandling: .never)
            ])
            #expect(
                try await client.everything().allSatisfy { !$0.isRetained },
                "retain handling is obeyed"
            )
            // Not even a wildcard in front reaches them, and nothing of them is in the store.
            try await client.subscribe("#")
            try await client.subscribe("+/broker/#")
            #expect(
                try await client.everything().allSatisfy { !$0.topic.hasPrefix("$SYS") || !$0.isRetained }
            )
            #expect(broker.store.statistics.overlayCount == 0)
        }
    }

    @Test func valuesArePublishedAsTheyChange() async throws {
        try await BrokerHarness.run(setup()) { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("$SYS/broker/publish/messages/received", .atLeastOnce)
            try await client.subscribe("$SYS/broker/clients/connected")
            var received: [String: [String]] = [:]
            let other = try await broker.connect("b")
            for _ in 0..<7 { try await other.publish("x", "y", .atLeastOnce, isRetained: true) }
            while received["$SYS/broker/publish/messages/received"]?.last != "7"
                || received["$SYS/broker/clients/connected"]?.last != "2"
            {
                let message = try await client.message()
                received[message.topic, default: []].append(message.text)
            }
        }
    }

    /// Reads values until they are as wanted.
    private func wait(_ client: MQTTClient, for wanted: [String: String]) async throws {
        var values: [String: String] = [:]
        while !wanted.allSatisfy({ values["$SYS/broker/" + $0.key] == $0.value }) {
            let message = try await client.message()
            values[message.topic] = message.text
        }
    }

    @Test func retainedMessagesAreCountedExactly() async throws {
        try await BrokerHarness.run(setup()) { broker in
            let client = try await broker.connect("a")
            for name in ["retained messages/count", "store/messages/count", "store/expired/count"] {
                try await client.subscribe("$SYS/broker/\(name)")
            }
            let other = try await broker.connect("b")
            // One replaced, one cleared, and one cleared that never was.
            for topic in ["r/a", "r/b", "r/c", "r/a"] {
                try await other.publish(topic, "1", .atLeastOnce, isRetained: true)
            }
            for topic in ["r/c", "r/none"] { try await other.publish(topic, "", .atLeastOnce, isRetained: true) }
            try await wait(client, for: ["retained messages/count": "2", "store/messages/count": "2"])
            try broker.store.checkpoint()
            for topic in ["r/b", "r/d", "r/e"] {
                try await other.publish(topic, "2", .atLeastOnce, isRetained: true)
            }
            try await wait(client, for: ["retained messages/count": "4", "store/messages/count": "4"])
        }
    }

    @Test func whatHasExpiredIsCountedUntilItIsCleared() async throws {
        try await BrokerHarness.run(setup()) { broker in
            let client = try await broker.connect("a")
            for name in ["retained messages/count", "store/expired/count"] {
                try await client.subscribe("$SYS/broker/\(name)")
            }
            let other = try await broker.connect("b")
            try await other.publish("r/a", "1", .atLeastOnce, isRetained: true)
            var brief = OutgoingMessage("r/b", "1", .atLeastOnce, isRetained: true)
            brief.messageExpirySeconds = 1
            #expect(try await other.publish(brief) == .noMatchingSubscribers)
            let end = broker.store.nowSeconds + 1
            try await wait(client, for: ["retained messages/count": "2"])
            while broker.store.nowSeconds < end { await Task.yield() }
            try broker.store.sweepExpired()
            try await wait(client, for: ["retained messages/count": "1", "store/expired/count": "1"])
        }
    }

    @Test func whoMayNotReadThemGetsNone() async throws {
        var setup = setup()
        setup.policy.rules = try rules("topic read $SYS/broker/uptime", "topic readwrite done")
        setup.policy.subscribePolicy = .filter
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("$SYS/#")
            // Two of them: at least one full interval lies between, in which others have changed.
            for _ in 0..<2 { #expect(try await client.message().topic == "$SYS/broker/uptime") }
            // Nobody else writes there.
            #expect(
                try await client.publish("$SYS/broker/uptime", "never", .atLeastOnce) == .notAuthorized
            )
        }
    }

    @Test func withoutAnIntervalThereIsNothing() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            try await client.subscribe("$SYS/#")
            #expect(try await client.everything().isEmpty)
        }
    }
}
