import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// Wills (MQTT 5.0, 3.1.2.5, 3.1.3.2).
struct WillTests {
    private static func will(_ text: String, delaySeconds: UInt32 = 0, isRetained: Bool = false) -> Will {
        Will(
            topic: "will",
            payload: Array(text.utf8),
            qos: .atLeastOnce,
            isRetained: isRetained,
            delaySeconds: delaySeconds
        )
    }

    private func watcher(_ broker: BrokerHarness) async throws -> MQTTClient {
        let watcher = try await broker.connect("watcher")
        try await watcher.subscribe("will", .atLeastOnce)
        return watcher
    }

    @Test func aLostConnectionPublishesTheWill() async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            let client = try await broker.connect("a") { $0.will = Self.will("gone", isRetained: true) }
            await client.drop()
            #expect(try await watcher.message().text == "gone")
            let late = try await broker.connect("late")
            try await late.subscribe("will")
            #expect(try await late.message().isRetained)
        }
    }

    /// [MQTT-3.14.4-3]
    @Test func disconnectDropsTheWill() async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            let client = try await broker.connect("a") { $0.will = Self.will("gone") }
            try await client.disconnect()
            let other = try await broker.connect("b") { $0.will = Self.will("asked for") }
            try await other.disconnect(.disconnectWithWillMessage)
            #expect(try await watcher.message().text == "asked for")
        }
    }

    @Test func aProtocolErrorPublishesTheWill() async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            let client = try await broker.connect("a") { $0.will = Self.will("wrong") }
            await client.send(hex: "00 00")
            #expect(try await watcher.message().text == "wrong")
        }
    }

    @Test(arguments: [true, false])
    func aTakeoverPublishesTheWill(isCleanStart: Bool) async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            _ = try await broker.connect("a") {
                $0.will = Self.will("taken over")
                $0.sessionExpirySeconds = 100
            }
            _ = try await broker.connect("a", isCleanStart: isCleanStart)
            #expect(try await watcher.message().text == "taken over")
        }
    }

    /// [MQTT-3.1.3-9]
    @Test func aClientThatComesBackInTimePreventsTheWill() async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            let client = try await broker.connect("a") {
                $0.will = Self.will("late", delaySeconds: 1_000)
                $0.sessionExpirySeconds = 1_000
            }
            await client.drop()
            let again = try await broker.connect("a", isCleanStart: false) { $0.will = Self.will("second") }
            await again.drop()
            #expect(try await watcher.message().text == "second")
        }
    }

    /// MQTT 5.0, 3.1.3.2.2: the will is published when the delay has passed or the session ends, whichever is first.
    @Test(arguments: [(1, 1_000), (1_000, 1), (1_000, 0)])
    func aDelayedWillComesAfterItsDelayOrWithTheSessionsEnd(delaySeconds: Int, expirySeconds: Int) async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await watcher(broker)
            let client = try await broker.connect("a") {
                $0.will = Self.will("late", delaySeconds: UInt32(delaySeconds))
                $0.sessionExpirySeconds = UInt32(expirySeconds)
            }
            await client.drop()
            #expect(try await watcher.message().text == "late")
        }
    }

    @Test func aWillOnATopicThatTheClientMayNotWriteGoesToNobody() async throws {
        var setup = BrokerSetup()
        setup.policy.rules = try rules("topic read will", "topic readwrite open")
        try await BrokerHarness.run(setup) { broker in
            let watcher = try await watcher(broker)
            try await watcher.subscribe("open")
            let client = try await broker.connect("a") { $0.will = Self.will("denied") }
            await client.drop()
            let other = try await broker.connect("b") { $0.will = Will(topic: "open", payload: Array("allowed".utf8)) }
            await other.drop()
            #expect(try await watcher.message().text == "allowed")
        }
    }
}
