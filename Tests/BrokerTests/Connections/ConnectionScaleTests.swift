import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// Many subscriptions, and the largest packet: they are served, and nobody else suffers.
@Suite(.serialized) struct ConnectionScaleTests {
    /// 100,000 subscriptions of one client match at once, and go with it.
    @Test(.timeLimit(.minutes(10)))
    func aHundredThousandSubscriptionsOfOneClient() async throws {
        let count = 100_000
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("many")
            for start in stride(from: 0, to: count, by: 1_000) {
                let subscriptions = try (start..<start + 1_000).map { number in
                    Subscription(
                        filter: try TopicFilter("site/\(number % 100)/device/\(number)/+"),
                        maximumQoS: .atLeastOnce,
                        retainHandling: .never
                    )
                }
                let codes = try await client.subscribe(subscriptions)
                #expect(codes.allSatisfy { $0 == .grantedQoS1 })
            }
            let publisher = try await broker.connect("publisher")
            for number in [0, 4_711, count - 1] {
                let topic = "site/\(number % 100)/device/\(number)/temperature"
                #expect(try await publisher.publish(topic, "x", .atLeastOnce) == .success)
                #expect(try await client.message().topic == topic)
            }
            try await client.disconnect()
            var code = ReasonCode.success
            for _ in 0..<1_000 where code == .success {
                code = try await publisher.publish("site/0/device/0/temperature", "x", .atLeastOnce)
            }
            #expect(code == .noMatchingSubscribers)
        }
    }

    /// The largest packet that there is: a remaining length of 268,435,455.
    @Test(.timeLimit(.minutes(10)))
    func theLargestPacketArrives() async throws {
        var setup = BrokerSetup()
        setup.limits.packetBytesMax = .max
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber", .v311)
            try await subscriber.subscribe("t", .atMostOnce)
            let publisher = try await broker.connect("publisher", .v311)
            // Topic and its length take three bytes, the packet identifier two.
            let payload = [UInt8](repeating: 0x5A, count: WireLimits.remainingLengthMax - 5)
            try await publisher.publish(OutgoingMessage("t", payload, .atLeastOnce))
            let message = try await subscriber.message()
            #expect(message.payload.count == payload.count)
            #expect(message.payload.first == 0x5A && message.payload.last == 0x5A)
        }
    }
}
