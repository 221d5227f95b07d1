import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Synchronization
import Testing

/// What clients get from a broker whose store has no space (D3).
struct FullDiskTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: String) {
            lines.withLock { $0.append(line) }
        }

        func count(of text: String) -> Int { lines.withLock { $0.count { $0.contains(text) } } }
    }

    private func retained(_ topic: String, _ qos: QoS, bytes: Int = 3_000) -> OutgoingMessage {
        var message = OutgoingMessage(topic, String(repeating: "m", count: bytes), qos, isRetained: true)
        message.packetIdentifier = 7
        return message
    }

    @Test func itRefusesByTheCodeAndOlderClientsByNoAcknowledgementAtAll() async throws {
        let lines = Lines()
        var setup = BrokerSetup()
        setup.log = { lines.append($0) }
        setup.storeLimits.mapBytes = 1 << 20
        setup.storeLimits.segmentBytes = 1 << 20
        setup.storeLimits.checkpointEntries = 200
        setup.storeLimits.spaceRetryMilliseconds = 20
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#", .atLeastOnce)
            let client = try await broker.connect("client")
            // A session that is to outlive the broker needs room of its own, so it is there before.
            _ = try await broker.connect("old", .v311, isCleanStart: false)
            var count = 0
            while try await client.publish(retained("fill/\(count)", .atLeastOnce)) != .quotaExceeded { count += 1 }
            #expect(try await client.publish(retained("late/1", .atLeastOnce)) == .quotaExceeded)
            #expect(try await client.publish(retained("late/2", .exactlyOnce)) == .quotaExceeded)
            // A PUBREC with an error ends the exchange: the identifier is free again.
            #expect(try await client.publish(retained("late/2", .exactlyOnce)) == .quotaExceeded)

            for qos in [QoS.atLeastOnce, .exactlyOnce] {
                var message = retained("late/3", qos)
                for attempt in 0..<3 {
                    let old = try await broker.connect("old", .v311, isCleanStart: false)
                    message.isDuplicate = attempt > 0
                    await old.send(message)
                    // Not even when it is sent again: a PUBREC would let the client forget what nobody has.
                    #expect(try await old.receiveToEnd().isEmpty, "\(qos), attempt \(attempt)")
                }
            }
            await #expect(throws: (any Error).self) { try await broker.connect("new", .v311, isCleanStart: false) }
            // What is refused is delivered to nobody, and what is not retained goes on.
            #expect(try await client.publish("plain", "x", .atLeastOnce) == .success)
            for number in 0..<count { #expect(try await subscriber.message().topic == "fill/\(number)") }
            #expect(try await subscriber.message().topic == "plain")
            #expect(lines.count(of: "retained messages are refused") == 1)
        }
    }

    /// A retained will that the store has no room for is not lost, where the session is kept; and who is not let in leaves none.
    @Test func aWillWaitsForRoom() async throws {
        var setup = BrokerSetup()
        setup.storeLimits.mapBytes = 1 << 20
        setup.storeLimits.segmentBytes = 1 << 20
        setup.storeLimits.checkpointEntries = 200
        setup.storeLimits.spaceRetryMilliseconds = 20
        let store = try KeptStore()
        try await BrokerHarness.run(setup, on: store) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("will/#", .atLeastOnce)
            let kept = try await broker.connect("kept", isCleanStart: false) {
                $0.sessionExpirySeconds = 1_000
                $0.will = Will(topic: "will/kept", payload: [UInt8](repeating: 1, count: 3_000), isRetained: true)
            }
            let client = try await broker.connect("client")
            var count = 0
            while try await client.publish(retained("fill/\(count)", .atLeastOnce)) != .quotaExceeded { count += 1 }
            await kept.drop()
            let refused = try await broker.open()
            let connack = try await refused.connect("refused", isCleanStart: false) {
                $0.sessionExpirySeconds = 1_000
                $0.will = Will(topic: "will/refused", payload: [1])
            }
            #expect(connack.reasonCode == .quotaExceeded)
            _ = try await refused.receiveToEnd()
            #expect(try await subscriber.everything().isEmpty)
        }
        setup.storeLimits.mapBytes = 1 << 30
        try await BrokerHarness.run(setup, on: store) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("will/#", .atLeastOnce)
            #expect(try await subscriber.everything().map(\.topic) == ["will/kept"])
        }
    }
}
