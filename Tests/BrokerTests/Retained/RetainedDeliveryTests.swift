import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// R2: retained delivery is complete, at the subscriber's pace, and stalls nobody.
struct RetainedDeliveryTests {
    /// Fills a store through the broker.
    private func retain(_ count: Int, _ broker: BrokerHarness) async throws {
        let publisher = try await broker.connect("filler", .v311)
        var first = 0
        while first < count {
            let numbers = first..<min(count, first + 10_000)
            first = numbers.upperBound
            await publisher.send { buffer, version in
                for number in numbers {
                    OutgoingMessage("r/\(number % 100)/\(number)", "\(number)", .atMostOnce, isRetained: true)
                        .write(to: &buffer, version: version)
                }
            }
            try await publisher.ping()
        }
        // QoS 0 at publication would make it QoS 0 at delivery, which no window slows.
        try await publisher.publish("marker", "x", .atLeastOnce, isRetained: true)
    }

    @Test func everythingReachesAFastSubscriberAtQoS0() async throws {
        let count = 30_000
        try await BrokerHarness.run { broker in
            try await retain(count, broker)
            try broker.store.checkpoint()
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("r/#")
            let values = Set(try await subscriber.messages(count).map(\.text))
            #expect(values.count == count)
        }
    }

    @Test func everythingReachesASubscriberWithASmallWindowWhileOthersGoOn() async throws {
        let count = 10_000
        var setup = BrokerSetup()
        setup.limits.isOutgoingQoSUpgraded = true
        setup.limits.queuedCountMax = 100
        try await BrokerHarness.run(setup) { broker in
            try await retain(count, broker)
            let subscriber = try await broker.connect("subscriber") { $0.receiveMaximum = 10 }
            try await subscriber.subscribe("r/#", .atLeastOnce)
            async let others: Void = exchange(broker)
            var values = Set<String>()
            while values.count < count { values.insert(try await subscriber.message().text) }
            try await others
            #expect(try await subscriber.everything().isEmpty)
        }
    }

    @Test func aSubscriberIsSentMoreAtOnceAsItAcknowledges() async throws {
        var setup = BrokerSetup()
        setup.limits.isOutgoingQoSUpgraded = true
        try await BrokerHarness.run(setup) { broker in
            try await retain(200, broker)
            let subscriber = try await broker.connect("subscriber", .v311)
            try await subscriber.subscribe("r/#", .atLeastOnce)
            // Nothing is acknowledged: it has mosquitto's window.
            let first = try await publishesBeforePong(subscriber)
            #expect(first.count == 20)
            for identifier in first { await subscriber.send(Acknowledgement(.puback, packetIdentifier: identifier)) }
            #expect(try await publishesBeforePong(subscriber).count == 40)
        }
    }

    /// The identifiers of what arrives before the answers to two PINGREQs.
    private func publishesBeforePong(_ client: MQTTClient) async throws -> [UInt16] {
        var identifiers: [UInt16] = []
        for _ in 0..<2 {
            await client.send { buffer, _ in Ping.writeRequest(to: &buffer) }
            while case .publish(let message) = try await client.receive() {
                identifiers.append(message.packetIdentifier)
            }
        }
        return identifiers
    }

    /// Publishes and receives while the retained messages flow.
    private func exchange(_ broker: BrokerHarness) async throws {
        let client = try await broker.connect("other")
        try await client.subscribe("live", .atLeastOnce)
        for number in 0..<50 {
            try await client.publish("live", "\(number)", .atLeastOnce)
            #expect(try await client.message().text == "\(number)")
        }
    }

    @Test func aSubscriberThatReadsNothingHoldsUpNobody() async throws {
        try await BrokerHarness.run { broker in
            try await retain(5_000, broker)
            let stuck = try await broker.open(isReading: false)
            await stuck.send { buffer, version in
                Connect(version: version, clientIdentifier: "stuck", keepAliveSeconds: 0).write(to: &buffer)
                Subscribe(
                    packetIdentifier: 1,
                    subscriptions: [Subscription(filter: "#", maximumQoS: .atMostOnce)]
                ).write(to: &buffer, version: version)
            }
            let publisher = try await broker.connect("publisher")
            let payload = [UInt8](repeating: 0, count: 100_000)
            for _ in 0..<200 { await publisher.send(OutgoingMessage("large", payload)) }
            try await exchange(broker)
            // When it does read, it finds what is retained, all of it, and a connection that goes on.
            try await stuck.startReading()
            var values = Set<String>()
            while values.count < 5_000 {
                if case .publish(let message) = try await stuck.receive(), message.isRetained,
                    message.topic.hasPrefix("r/")
                {
                    values.insert(message.text)
                }
            }
            try await stuck.ping()
        }
    }

    /// B1: answers are never left out, so whoever does not read them is not read from.
    @Test func answersToAClientThatReadsNothingArriveWhenItDoes() async throws {
        try await BrokerHarness.run { broker in
            let stuck = try await broker.open(.v311, isReading: false)
            await stuck.send { buffer, version in
                Connect(version: version, clientIdentifier: "stuck", keepAliveSeconds: 0).write(to: &buffer)
            }
            let count = 500_000
            await stuck.send { buffer, _ in for _ in 0..<count { Ping.writeRequest(to: &buffer) } }
            try await exchange(broker)
            try await stuck.startReading()
            #expect(try await stuck.receiveHex(count: 4) == "20 02 00 00")
            for _ in 0..<count / 1_000 {
                let answers = try await stuck.receiveHex(count: 2_000)
                #expect(answers.hasPrefix("d0 00 d0 00"))
            }
        }
    }

    @Test func aTakeoverGoesOnWithRetainedDelivery() async throws {
        let count = 3_000
        var setup = BrokerSetup()
        setup.eventLoopCount = 3
        setup.limits.isOutgoingQoSUpgraded = true
        try await BrokerHarness.run(setup) { broker in
            try await retain(count, broker)
            var values = Set<String>()
            var client = try await broker.connect("a", isCleanStart: false) { $0.sessionExpirySeconds = 100 }
            try await client.subscribe("r/#", .atLeastOnce)
            // Each connection lands on another loop.
            while values.count < count {
                for _ in 0..<400 where values.count < count { values.insert(try await client.message().text) }
                let before = client
                client = try await broker.connect("a", isCleanStart: false) { $0.sessionExpirySeconds = 100 }
                _ = try await before.receiveToEnd()
            }
            #expect(values.count == count)
        }
    }
}
