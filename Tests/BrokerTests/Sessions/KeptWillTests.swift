import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// Wills of sessions that outlive the broker (MQTT 5.0, 3.1.2.5 and 4.1.0), by what a power cut at the moment in question would
/// leave.
struct KeptWillTests {
    private let setup = BrokerSetup.losingUnsyncedWrites

    private static func will(
        _ text: String,
        on topic: TopicName = "will/a",
        delaySeconds: UInt32 = 0,
        isRetained: Bool = false
    ) -> Will {
        Will(
            topic: topic,
            payload: Array(text.utf8),
            qos: .atLeastOnce,
            isRetained: isRetained,
            delaySeconds: delaySeconds
        )
    }

    /// A client with a session that is kept.
    private func connect(
        _ broker: BrokerHarness,
        _ name: String = "kept",
        _ version: ProtocolVersion = .v50,
        expirySeconds: UInt32 = 1_000,
        isPresent: Bool = false,
        will: Will? = nil,
        userName: UTF8String? = nil
    ) async throws -> MQTTClient {
        let client = try await broker.open(version)
        let connack = try await client.connect(name, isCleanStart: false) {
            if version == .v50 { $0.sessionExpirySeconds = expirySeconds }
            $0.will = will
            $0.userName = userName
        }
        #expect(connack.reasonCode == .success && connack.isSessionPresent == isPresent)
        return client
    }

    /// Has a session wait for wills.
    private func watch(_ broker: BrokerHarness) async throws {
        let watcher = try await connect(broker, "watcher")
        try await watcher.subscribe("will/#", .atLeastOnce)
        try await watcher.disconnect()
    }

    /// Looks which wills have come since this was asked last.
    private func expectWills(
        _ texts: String...,
        from broker: BrokerHarness,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let watcher = try await connect(broker, "watcher", isPresent: true)
        let messages = try await watcher.everything()
        try await watcher.disconnect()
        #expect(messages.map(\.text) == texts, sourceLocation: location)
    }

    /// Ends a connection in a way that has its will published, and waits until the broker has written that down.
    private func lose(_ client: MQTTClient, _ broker: BrokerHarness) async throws {
        let before = broker.store.statistics.lastLSN
        try await client.disconnect(.disconnectWithWillMessage)
        while broker.store.statistics.lastLSN == before { await Task.yield() }
        try await broker.store.durable(through: broker.store.statistics.lastLSN)
    }

    /// Looks how many records of sessions the store has.
    private func expectRecords(
        _ count: UInt64,
        in broker: BrokerHarness,
        location: SourceLocation = #_sourceLocation
    ) throws {
        try broker.store.checkpoint()
        #expect(broker.store.statistics.sessionIndexCount == count, sourceLocation: location)
    }

    @Test(arguments: [(ProtocolVersion.v311, false), (.v311, true), (.v50, false), (.v50, true)])
    func whoWasConnectedWhenTheBrokerDiedIsGone(version: ProtocolVersion, isRetained: Bool) async throws {
        let once = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            // Its CONNACK is all that is waited for.
            _ = try await connect(broker, "kept", version, will: Self.will("gone", isRetained: isRetained))
        }
        // Published, and never again, be the second end a crash, too.
        let twice = try await BrokerHarness.cutPower(setup, on: once) { broker in
            try await expectWills("gone", from: broker)
            // Two sessions and a subscription.
            try expectRecords(3, in: broker)
        }
        try await BrokerHarness.run(setup, on: twice) { broker in
            try await expectWills(from: broker)
            let late = try await broker.connect("late")
            try await late.subscribe("will/#")
            #expect(try await late.everything().map(\.text) == (isRetained ? ["gone"] : []))
            _ = try await connect(broker, "kept", version, isPresent: true)
        }
    }

    /// [MQTT-3.14.4-3]
    @Test func aNormalDisconnectForgetsIt() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            let client = try await connect(broker, will: Self.will("never"))
            try await client.disconnect()
            // Whatever came before it is durable when this is.
            try await broker.connect("other").publish("x", "y", .atLeastOnce, isRetained: true)
            try await broker.store.durable(through: broker.store.statistics.lastLSN)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await expectWills(from: broker)
            try expectRecords(3, in: broker)
        }
    }

    /// The next CONNECT has another will, in another namespace or in the same; or none.
    @Test(arguments: ["will/b", "will/a", "other/b", nil]) func theNextConnectReplacesIt(topic: String?) async throws {
        let next = try topic.map { Self.will("second", on: try TopicName($0)) }
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            _ = try await connect(broker, will: Self.will("first", delaySeconds: 1_000))
            _ = try await connect(broker, isPresent: true, will: next)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            if topic?.hasPrefix("will/") == true {
                try await expectWills("second", from: broker)
            } else {
                try await expectWills(from: broker)
            }
            try expectRecords(3, in: broker)
        }
    }

    /// [MQTT-3.1.3-9] across the broker's end.
    @Test func aClientThatComesBackInTimePreventsIt() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            _ = try await connect(broker, will: Self.will("late", delaySeconds: 1_000))
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await expectWills(from: broker)
            try expectRecords(4, in: broker)
            let client = try await connect(broker, isPresent: true)
            try await lose(client, broker)
            try await expectWills(from: broker)
            try expectRecords(3, in: broker)
        }
    }

    @Test func theDelayOfAClientThatWasConnectedBeginsAtTheRestart() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            _ = try await connect(broker, will: Self.will("late", delaySeconds: 2))
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let watcher = try await connect(broker, "watcher", isPresent: true)
            #expect(try await watcher.message().text == "late")
        }
    }

    /// A delay that had begun, or the session's end if that is first.
    @Test(arguments: [(2, 1_000), (1_000, 2)]) func aDelayThatHadBegunGoesOn(delaySeconds: Int, expirySeconds: Int)
        async throws
    {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            let client = try await connect(
                broker,
                expirySeconds: UInt32(expirySeconds),
                will: Self.will("late", delaySeconds: UInt32(delaySeconds))
            )
            try await lose(client, broker)
        }
        try await Task.sleep(for: .milliseconds(2_100))
        try await BrokerHarness.run(setup, on: store) { broker in
            // Before any client is let in: were it counted from the restart, it would come later.
            try await expectWills("late", from: broker)
            _ = try await connect(broker, isPresent: expirySeconds == 1_000)
        }
    }

    /// What was published before the power went is not published again.
    @Test(arguments: [false, true]) func aWillThatWasPublishedIsForgotten(isRetained: Bool) async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            let client = try await connect(broker, will: Self.will("once", isRetained: isRetained))
            try await lose(client, broker)
            // A will of a taken over connection, too.
            _ = try await connect(broker, "other", will: Self.will("taken over", isRetained: isRetained))
            _ = try await connect(broker, "other", isPresent: true)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await expectWills("once", "taken over", from: broker)
            try await expectWills(from: broker)
            try expectRecords(4, in: broker)
        }
    }

    @Test func itComesWithEverythingThatItHad() async throws {
        let properties = [UserProperty(name: "colour", value: "blue")]
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let watcher = try await connect(broker, "watcher")
            try await watcher.subscribe("will/#", .exactlyOnce, isRetainAsPublished: true)
            let will = Will(
                topic: "will/a",
                payload: Array("gone".utf8),
                qos: .exactlyOnce,
                isRetained: true,
                messageExpirySeconds: 500,
                forwardedProperties: ForwardedProperties.encode(userProperties: properties)
            )
            _ = try await connect(broker, will: will)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let message = try await connect(broker, "watcher", isPresent: true).message()
            #expect(message.text == "gone" && message.qos == .exactlyOnce && message.isRetained)
            #expect(message.userProperties == properties)
            // It lives from its publication on.
            #expect((490...500).contains(message.messageExpirySeconds ?? 0))
        }
    }

    /// The rights that count are those of the broker that publishes it, for the user who left it.
    @Test func itIsPublishedUnderTheUsersRights() async throws {
        let store = try await BrokerHarness.cutPower(self.setup) { broker in
            try await watch(broker)
            _ = try await connect(broker, "1", will: Self.will("of alice"), userName: "alice")
            _ = try await connect(broker, "2", will: Self.will("of bob"), userName: "bob")
            _ = try await connect(broker, "3", will: Self.will("of nobody"))
        }
        var setup = setup
        setup.policy.rules = try rules("topic read will/#", "user alice", "topic readwrite will/#")
        let denied = try await BrokerHarness.cutPower(setup, on: store) { broker in
            try await expectWills("of alice", from: broker)
            try expectRecords(5, in: broker)
        }
        // What was denied is not published later.
        try await BrokerHarness.run(self.setup, on: denied) { broker in
            try await expectWills(from: broker)
        }
    }

    /// What mosquitto does when it is told to end; but a delay goes on where the session does.
    @Test func anOrderlyEndPublishesWhatHasNoDelay() async throws {
        let store = try KeptStore()
        try await BrokerHarness.run(setup, on: store) { broker in
            try await watch(broker)
            _ = try await connect(broker, "1", will: Self.will("at once", on: "will/1", isRetained: true))
            _ = try await connect(broker, "2", will: Self.will("delayed", on: "will/2", delaySeconds: 1_000))
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await expectWills("at once", from: broker)
            try expectRecords(5, in: broker)
            let client = try await connect(broker, "2", isPresent: true)
            try await client.disconnect(sessionExpirySeconds: 0)
            try await expectWills(from: broker)
        }
    }

    /// Where sessions end with the broker, so does every delay.
    @Test func anOrderlyEndPublishesTheWillsOfSessionsThatAreNotKept() async throws {
        var setup = setup
        setup.areSessionsKept = false
        let store = try KeptStore()
        try await BrokerHarness.run(setup, on: store) { broker in
            _ = try await connect(broker, will: Self.will("delayed", delaySeconds: 1_000, isRetained: true))
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let watcher = try await broker.connect("live watcher")
            try await watcher.subscribe("will/#")
            #expect(try await watcher.everything().map(\.text) == ["delayed"])
        }
    }

    @Test func theEndOfASessionTakesItAlong() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            try await watch(broker)
            _ = try await connect(broker, "ended", will: Self.will("with the session", delaySeconds: 1_000))
            _ = try await broker.connect("ended", isCleanStart: true)
            // One that is not kept any longer.
            _ = try await connect(broker, "short", will: Self.will("never", delaySeconds: 1_000))
            _ = try await connect(broker, "short", expirySeconds: 0, isPresent: true)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await expectWills("with the session", from: broker)
            try expectRecords(2, in: broker)
        }
    }

    @Test func aClientWhoseSessionIsNotKeptWritesNothing() async throws {
        try await BrokerHarness.run(setup) { broker in
            let watcher = try await broker.connect("live watcher")
            try await watcher.subscribe("will/#")
            for version in [ProtocolVersion.v311, .v50] {
                let client = try await broker.connect("clean", version) { $0.will = Self.will("gone") }
                await client.drop()
                #expect(try await watcher.message().text == "gone")
            }
            #expect(broker.store.statistics.lastLSN == 0)
        }
    }
}
