import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// What a user, or the clients of an address together, may add to what is retained, wherever they write.
struct RetainedAllowanceTests {
    private func connect(_ broker: BrokerHarness, _ user: String) async throws -> MQTTClient {
        let client = try await broker.open()
        _ = try await client.connect(user) { $0.userName = UTF8String(user) }
        return client
    }

    private func publish(_ client: MQTTClient, _ topic: String, _ text: String) async throws -> ReasonCode {
        try await client.publish(topic, text, .atLeastOnce, isRetained: true)
    }

    @Test func aUserAddsAsManyMessagesAsItMay() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 2
        setup.userLimits.retained.countMax = 2
        try await BrokerHarness.run(setup) { broker in
            let alice = try await connect(broker, "alice")
            #expect(try await publish(alice, "a/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(alice, "b/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(alice, "c/1", "x") == .quotaExceeded)
            // What is there may change; what is not retained is nobody's business; another user has its own.
            #expect(try await publish(alice, "a/1", "longer than before") == .noMatchingSubscribers)
            #expect(try await alice.publish("c/1", "x", .atLeastOnce) == .noMatchingSubscribers)
            let bob = try await connect(broker, "bob")
            #expect(try await publish(bob, "b/2", "x") == .noMatchingSubscribers)
            // It is remembered over her connections.
            try await alice.disconnect()
            let again = try await connect(broker, "alice")
            #expect(try await publish(again, "c/1", "x") == .quotaExceeded)
            // A place becomes free, whoever had taken it.
            #expect(try await publish(again, "b/2", "") == .noMatchingSubscribers)
            #expect(try await publish(again, "c/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(again, "c/2", "x") == .quotaExceeded)
        }
    }

    @Test func aUserAddsAsManyBytesAsItMay() async throws {
        var setup = BrokerSetup()
        setup.userLimits.retained.bytesMax = 1_000
        try await BrokerHarness.run(setup) { broker in
            let alice = try await connect(broker, "alice")
            func publish(_ topic: String, _ count: Int) async throws -> ReasonCode {
                try await self.publish(alice, topic, String(repeating: "x", count: count))
            }
            // Three bytes of topic each.
            #expect(try await publish("a/1", 497) == .noMatchingSubscribers)
            #expect(try await publish("b/2", 497) == .noMatchingSubscribers)
            #expect(try await publish("a/1", 498) == .quotaExceeded)
            #expect(try await publish("a/1", 400) == .noMatchingSubscribers)
            #expect(try await publish("c/3", 95) == .quotaExceeded)
            #expect(try await publish("c/3", 94) == .noMatchingSubscribers)
        }
    }

    /// With a namespace's limit and its user's besides; what one of the three refuses, none of them counts.
    @Test func theClientsOfAnAddressAddAsMuchAsTheyMayTogether() async throws {
        var setup = BrokerSetup()
        setup.retainedLimits.countMax = 2
        setup.userLimits.retained.countMax = 3
        setup.addressLimits.clients.retained.countMax = 4
        try await BrokerHarness.run(setup) { broker in
            let alice = try await connect(broker, "alice")
            let bob = try await connect(broker, "bob")
            #expect(try await publish(alice, "a/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(alice, "a/2", "x") == .noMatchingSubscribers)
            // The namespace is full; then the user is; then the address.
            #expect(try await publish(alice, "a/3", "x") == .quotaExceeded)
            #expect(try await publish(alice, "b/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(alice, "c/1", "x") == .quotaExceeded)
            #expect(try await publish(bob, "c/1", "x") == .noMatchingSubscribers)
            #expect(try await publish(bob, "c/2", "x") == .quotaExceeded)
            // One goes, one comes, and all three are where they were.
            #expect(try await publish(bob, "c/1", "") == .noMatchingSubscribers)
            #expect(try await publish(bob, "c/2", "x") == .noMatchingSubscribers)
            #expect(try await publish(bob, "c/3", "x") == .quotaExceeded)
            #expect(try await publish(alice, "b/1", "") == .noMatchingSubscribers)
            #expect(try await publish(bob, "b/2", "x") == .noMatchingSubscribers)
            #expect(try await publish(alice, "b/1", "x") == .quotaExceeded)
        }
    }

    @Test func aWillIsAddedByItsClient() async throws {
        var setup = BrokerSetup()
        setup.userLimits.retained.countMax = 1
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#")
            for (number, expected) in [(1, "will/1"), (2, nil), (3, nil)] {
                let mortal = try await broker.open()
                _ = try await mortal.connect("mortal") {
                    $0.userName = "alice"
                    $0.will = Will(topic: try! TopicName("will/\(number)"), payload: [1], isRetained: true)
                }
                await mortal.drop()
                if let expected { #expect(try await subscriber.message().topic == expected) }
            }
            let bob = try await connect(broker, "bob")
            try await bob.publish("end", "x", .atLeastOnce)
            #expect(try await subscriber.message().topic == "end")
        }
    }
}
