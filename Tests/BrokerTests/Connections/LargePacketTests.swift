import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// The largest of everything that the protocol allows.
struct LargePacketTests {
    /// [MQTT-4.7.3-3]
    @Test(arguments: [ProtocolVersion.v311, .v50])
    func theLongestTopicArrives(version: ProtocolVersion) async throws {
        try await BrokerHarness.run { broker in
            let topic = String(repeating: "t", count: WireLimits.stringBytesMax)
            let subscriber = try await broker.connect("subscriber", version)
            try await subscriber.subscribe(topic, .atLeastOnce)
            let publisher = try await broker.connect("publisher", version)
            try await publisher.publish(topic, "x", .atLeastOnce, isRetained: true)
            let live = try await subscriber.message()
            #expect(live.topic == topic && live.text == "x")
            let late = try await broker.connect("late", version)
            try await late.subscribe("#", .atLeastOnce)
            let retained = try await late.message()
            #expect(retained.topic == topic && retained.text == "x" && retained.isRetained)
        }
    }

    @Test func aTopicOfAHundredLevelsArrives() async throws {
        try await BrokerHarness.run { broker in
            let topic = (0..<100).map { "level\($0)" }.joined(separator: "/")
            let filters = [topic, Array(repeating: "+", count: 100).joined(separator: "/"), "level0/#"]
            let publisher = try await broker.connect("publisher")
            try await publisher.publish(topic, "x", .atLeastOnce, isRetained: true)
            for filter in filters {
                let subscriber = try await broker.connect("subscriber")
                try await subscriber.subscribe(filter, .atLeastOnce)
                #expect(try await subscriber.message().topic == topic)
                try await publisher.publish(topic, "y", .atLeastOnce)
                #expect(try await subscriber.message().text == "y")
            }
        }
    }

    /// Before it is let in, a client is given little memory (B1).
    @Test func beforeConnectPacketsAreSmall() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open()
            // A CONNECT of 100,001 bytes, of which the header suffices.
            await client.send(hex: "10 9d 8d 06 00 04 4d 51 54 54 05")
            #expect(try await client.receiveHexToEnd() == "")
            let other = try await broker.connect("a") {
                $0.will = Will(topic: "w", payload: Array(repeating: 0, count: WireLimits.stringBytesMax))
            }
            let large = Array(repeating: UInt8(0), count: 1_000_000)
            try await other.publish(OutgoingMessage("t", large, .atLeastOnce))
        }
    }
}
