import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// R1: no subscriber sees an older value of a topic after a newer one, live or retained, and each ends with the newest.
struct RetainedOrderTests {
    private static let topicCount = 4
    private static let valueCount = 1_200

    @Test func subscribersThatRaceWithPublishersSeeValuesInOrder() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 3
        setup.limits.queuedCountMax = 0
        setup.limits.inflightCountMax = 200
        try await BrokerHarness.run(setup) { broker in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for topic in 0..<Self.topicCount {
                    group.addTask { try await Self.publish(to: topic, broker) }
                }
                for subscriber in 0..<8 {
                    group.addTask { try await Self.watch(as: subscriber, broker) }
                }
                group.addTask {
                    for _ in 0..<20 {
                        try broker.store.checkpoint()
                        await Task.yield()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// A counter as retained values, in bursts of a random size.
    private static func publish(to topic: Int, _ broker: BrokerHarness) async throws {
        var random = SeededGenerator(seed: Seed.value &+ UInt64(topic))
        let publisher = try await broker.connect("publisher \(topic)", .v311)
        var value = 0
        while value < valueCount {
            let burst = Array((value + 1)...min(valueCount, value + 1 + random.below(8)))
            value += burst.count
            await publisher.send { buffer, version in
                for number in burst {
                    var message = OutgoingMessage("race/\(topic)", "\(number)", .atLeastOnce, isRetained: true)
                    message.packetIdentifier = UInt16(number)
                    message.write(to: &buffer, version: version)
                }
            }
            for number in burst { _ = try await publisher.acknowledgement(.puback, UInt16(number)) }
        }
    }

    /// Subscribes again and again; the values of a topic never go back, and the last time they go up to the newest.
    ///
    /// The same value may come twice: from the subscription that was given up, and as the retained message of the next.
    private static func watch(as number: Int, _ broker: BrokerHarness) async throws {
        let qos = QoS.allCases[number % 2]
        let filter = number.isMultiple(of: 3) ? "race/#" : "race/+"
        let client = try await broker.connect("subscriber \(number)")
        var newest = [String: Int]()
        while newest.count < topicCount || newest.values.contains(where: { $0 < valueCount }) {
            try await client.subscribe(filter, qos)
            for message in try await client.everything() {
                let value = try #require(Int(message.text))
                let before = newest[message.topic, default: 0]
                #expect(value >= before, "\(value) after \(before), seed \(Seed.value)")
                newest[message.topic] = value
            }
            if number.isMultiple(of: 2) { try await client.unsubscribe(filter) }
        }
    }
}
