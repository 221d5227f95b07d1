import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// S4: nobody gets what he may not read, and what is denied is answered as the design says (7).
struct AccessTests {
    private func setup() throws -> BrokerSetup {
        var setup = BrokerSetup()
        setup.policy.rules = try rules(
            "user alice",
            "topic readwrite home/#",
            "topic deny home/secret",
            "topic read news/+",
            "user bob",
            "topic write home/#",
            "topic write news/#",
            "topic readwrite bob/#"
        )
        return setup
    }

    private func connect(_ broker: BrokerHarness, _ user: String) async throws -> MQTTClient {
        try await broker.connect(user) { $0.userName = UTF8String(user) }
    }

    private func connectOlder(_ broker: BrokerHarness) async throws -> MQTTClient {
        try await broker.connect("older", .v311) { $0.userName = "alice" }
    }

    @Test func aDeniedPublicationGoesToNobodyAndIsAnswered() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let bob = try await connect(broker, "bob")
            try await bob.subscribe("bob/#", .exactlyOnce)
            let alice = try await connect(broker, "alice")
            let older = try await connectOlder(broker)
            #expect(try await alice.publish("bob/1", "x", .atMostOnce) == .success)
            #expect(try await alice.publish("bob/1", "x", .atLeastOnce) == .notAuthorized)
            #expect(try await alice.publish("bob/1", "x", .exactlyOnce) == .notAuthorized)
            for qos in QoS.allCases {
                #expect(try await older.publish("bob/2", "x", qos, isRetained: true) == .success)
            }
            try await bob.subscribe("bob/+")
            #expect(try await bob.everything().isEmpty)
        }
    }

    @Test func aFilterThatReachesTooFarIsRefused() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let alice = try await connect(broker, "alice")
            let older = try await connectOlder(broker)
            for filter in ["#", "+/x", "news/#", "home/secret", "bob/x", "$share/g/#"] {
                #expect(try await alice.subscribe(filter) == .notAuthorized, "\(filter)")
                #expect(try await older.subscribe(filter) == .unspecifiedError, "\(filter)")
            }
            for filter in ["home/#", "news/+", "news/x", "home/+/x"] {
                #expect(try await alice.subscribe(filter) == .success, "\(filter)")
            }
            let bob = try await connect(broker, "bob")
            try await bob.publish("bob/x", "x", .atLeastOnce)
            try await bob.publish("news/a/b", "x", .atLeastOnce)
            #expect(try await alice.everything().isEmpty)
        }
    }

    @Test func aDenyRuleFiltersLiveAndRetainedMessages() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let alice = try await connect(broker, "alice")
            try await alice.subscribe("home/#", .atLeastOnce)
            let bob = try await connect(broker, "bob")
            for topic in ["home/secret", "home/open"] {
                try await bob.publish(topic, topic, .atLeastOnce, isRetained: true)
            }
            #expect(try await alice.everything().map(\.text) == ["home/open"])
            try await alice.subscribe("home/+", .atLeastOnce)
            #expect(try await alice.everything().map(\.text) == ["home/open"])
        }
    }

    @Test func withTheFilterPolicyTheSubscriptionIsGrantedAndFiltered() async throws {
        var setup = try setup()
        setup.policy.subscribePolicy = .filter
        try await BrokerHarness.run(setup) { broker in
            let bob = try await connect(broker, "bob")
            for topic in ["bob/1", "home/1", "news/a/b", "news/a"] {
                try await bob.publish(topic, topic, .atLeastOnce, isRetained: true)
            }
            let alice = try await connect(broker, "alice")
            #expect(try await alice.subscribe("#", .atLeastOnce) == ReasonCode(rawValue: 1))
            #expect(try await alice.everything().map(\.text).sorted() == ["home/1", "news/a"])
            for topic in ["bob/2", "home/2", "news/b/b", "news/b"] {
                try await bob.publish(topic, topic, .atLeastOnce)
            }
            #expect(try await alice.everything().map(\.text) == ["home/2", "news/b"])
        }
    }

    @Test func rightsFollowAReloadAtOnce() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let alice = try await connect(broker, "alice")
            try await alice.subscribe("home/#", .atLeastOnce)
            let bob = try await connect(broker, "bob")
            try await bob.publish("home/a", "before", .atLeastOnce)
            #expect(try await alice.everything().map(\.text) == ["before"])
            broker.replaceRules(
                try rules("user alice", "topic read home/b", "user bob", "topic write home/#")
            )
            // The change is among a loop's tasks before anything that is asked of the loop from here on.
            try await bob.ping()
            try await alice.ping()
            try await bob.publish("home/a", "after", .atLeastOnce)
            try await bob.publish("home/b", "allowed", .atLeastOnce)
            #expect(try await alice.everything().map(\.text) == ["allowed"])
            #expect(try await alice.publish("home/a", "x", .atLeastOnce) == .notAuthorized)
            #expect(try await alice.subscribe("home/a") == .notAuthorized)
        }
    }

    @Test func whatWaitsForAnAbsentClientFollowsAReload() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let alice = try await keptSession(of: "alice", broker)
            try await alice.subscribe("home/#", .atLeastOnce)
            try await alice.disconnect()
            let bob = try await connect(broker, "bob")
            try await bob.publish("home/a", "withdrawn", .atLeastOnce)
            try await bob.publish("home/b", "kept", .atLeastOnce)
            broker.replaceRules(try rules("user alice", "topic read home/b", "user bob", "topic write home/#"))
            #expect(try await keptSession(of: "alice", broker).everything().map(\.text) == ["kept"])
        }
    }

    @Test func whoTakesASessionGetsOnlyWhatHeMayRead() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let alice = try await keptSession(of: "alice", broker)
            try await alice.subscribe("home/#", .atLeastOnce)
            let bob = try await connect(broker, "bob")
            try await bob.publish("home/a", "unacknowledged", .atLeastOnce)
            _ = try await alice.receive()
            await alice.drop()
            try await bob.publish("home/b", "waiting", .atLeastOnce)
            #expect(try await keptSession(of: "bob", broker).everything().isEmpty)
            try await bob.publish("home/c", "live", .atLeastOnce)
            #expect(try await keptSession(of: "alice", broker).everything().isEmpty)
        }
    }

    /// A session that outlives its connections, under one client identifier whoever the user is.
    private func keptSession(of user: String, _ broker: BrokerHarness) async throws -> MQTTClient {
        try await broker.connect("kept", isCleanStart: false) {
            $0.userName = UTF8String(user)
            $0.sessionExpirySeconds = 1_000
        }
    }

    /// `check_retain_source`
    @Test func aRetainedMessageIsDeliveredOnlyIfItsPublisherMayStillWrite() async throws {
        var setup = try setup()
        setup.policy.isRetainSourceChecked = true
        try await BrokerHarness.run(setup) { broker in
            let bob = try await connect(broker, "bob")
            try await bob.publish("home/bob", "x", .atLeastOnce, isRetained: true)
            let alice = try await connect(broker, "alice")
            try await alice.publish("home/alice", "x", .atLeastOnce, isRetained: true)
            try await alice.subscribe("home/#")
            #expect(try await alice.everything().map(\.topic).sorted() == ["home/alice", "home/bob"])
            broker.replaceRules(try rules("user alice", "topic readwrite home/#"))
            try await alice.ping()
            try await alice.subscribe("home/#")
            #expect(try await alice.everything().map(\.topic) == ["home/alice"])
        }
    }

    /// What an import brings in may have no known publisher; mosquitto delivers such a message, too.
    @Test func aRetainedMessageOfNobodyIsDeliveredToWhoeverMayReadIt() async throws {
        var setup = try setup()
        setup.policy.isRetainSourceChecked = true
        try await BrokerHarness.run(setup) { broker in
            let writer = try broker.store.makeWriter()
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            for topic in ["home/imported", "bob/imported"] {
                try Array(topic.utf8).withUnsafeBytes { topic in
                    writer.set(
                        MessageParts(
                            topic: topic,
                            clientID: nothing,
                            userName: nothing,
                            properties: nothing,
                            payload: topic,
                            qos: 0,
                            listenerPort: 0,
                            publishTimeMilliseconds: 0,
                            expiryTimeSeconds: 0
                        )
                    )
                    _ = try writer.commit { _ in }
                }
            }
            let alice = try await connect(broker, "alice")
            try await alice.subscribe("home/#")
            #expect(try await alice.everything().map(\.topic) == ["home/imported"])
        }
    }
}
