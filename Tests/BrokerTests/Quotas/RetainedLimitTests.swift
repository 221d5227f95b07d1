import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// What one namespace may retain, as its clients meet it.
struct RetainedLimitTests {
    private func setup(count: Int? = nil, bytes: Int? = nil) -> BrokerSetup {
        var setup = BrokerSetup()
        setup.retainedLimits.countMax = count
        setup.retainedLimits.bytesMax = bytes
        return setup
    }

    private func retained(_ broker: BrokerHarness, _ filter: String) async throws -> [String] {
        let reader = try await broker.connect("reader")
        try await reader.subscribe(filter)
        return try await reader.everything().map(\.topic).sorted()
    }

    @Test func aNamespaceHoldsAsManyMessagesAsItMay() async throws {
        try await BrokerHarness.run(setup(count: 2)) { broker in
            let client = try await broker.connect("a")
            func publish(_ topic: String, _ text: String) async throws -> ReasonCode {
                try await client.publish(topic, text, .atLeastOnce, isRetained: true)
            }
            #expect(try await publish("a/1", "x") == .noMatchingSubscribers)
            #expect(try await publish("a/2", "x") == .noMatchingSubscribers)
            #expect(try await publish("a/3", "x") == .quotaExceeded)
            // What is there may change; another namespace has its own; what is not retained is nobody's business.
            #expect(try await publish("a/2", "longer than before") == .noMatchingSubscribers)
            #expect(try await publish("b/1", "x") == .noMatchingSubscribers)
            #expect(try await client.publish("a/3", "x", .atLeastOnce) == .noMatchingSubscribers)
            // A place becomes free.
            #expect(try await publish("a/1", "") == .noMatchingSubscribers)
            #expect(try await publish("a/3", "x") == .noMatchingSubscribers)
            #expect(try await client.publish("a/4", "x", .exactlyOnce, isRetained: true) == .quotaExceeded)
            #expect(try await retained(broker, "#") == ["a/2", "a/3", "b/1"])
        }
    }

    @Test func aNamespaceHoldsAsManyBytesAsItMay() async throws {
        try await BrokerHarness.run(setup(bytes: 1_000)) { broker in
            let client = try await broker.connect("a")
            func publish(_ topic: String, _ count: Int) async throws -> ReasonCode {
                let payload = String(repeating: "x", count: count)
                return try await client.publish(topic, payload, .atLeastOnce, isRetained: true)
            }
            // Three bytes of topic each.
            #expect(try await publish("a/1", 497) == .noMatchingSubscribers)
            #expect(try await publish("a/2", 497) == .noMatchingSubscribers)
            #expect(try await publish("a/1", 498) == .quotaExceeded)
            #expect(try await publish("a/3", 1) == .quotaExceeded)
            #expect(try await publish("a/1", 400) == .noMatchingSubscribers)
            #expect(try await publish("a/3", 94) == .noMatchingSubscribers)
            #expect(try await publish("a/4", 1) == .quotaExceeded)
        }
    }

    /// What the store holds counts, whoever wrote it and however long ago: here nobody of this broker did.
    @Test func whatWasThereBeforeCounts() async throws {
        try await BrokerHarness.run(setup(count: 1_000)) { broker in
            try fill(broker, "a", 999)
            try fill(broker, "ab", 500)
            let first = try await broker.connect("a")
            let second = try await broker.connect("b")
            // Both at once, so that one counts and the other waits.
            async let one = first.publish("a/new1", "x", .atLeastOnce, isRetained: true)
            async let two = second.publish("a/new2", "x", .atLeastOnce, isRetained: true)
            let codes = try await [one, two]
            #expect(Set(codes) == [.noMatchingSubscribers, .quotaExceeded])
            #expect(try await first.publish("ab/new", "x", .atLeastOnce, isRetained: true) == .noMatchingSubscribers)
            #expect(try await first.publish("a", "x", .atLeastOnce, isRetained: true) == .quotaExceeded)
        }
    }

    private func fill(_ broker: BrokerHarness, _ namespace: String, _ count: Int) throws {
        let writer = try broker.store.makeWriter()
        for number in 0..<count {
            try Array("\(namespace)/\(number)".utf8).withUnsafeBytes { topic in
                try [UInt8(1)].withUnsafeBytes { payload in
                    let none = UnsafeRawBufferPointer(start: nil, count: 0)
                    writer.set(
                        MessageParts(
                            topic: topic,
                            clientID: none,
                            userName: none,
                            properties: none,
                            payload: payload,
                            qos: 0,
                            listenerPort: 0,
                            publishTimeMilliseconds: 0,
                            expiryTimeSeconds: 0
                        )
                    )
                    _ = try writer.commit { _ in }
                }
            }
        }
    }

    /// One read with messages of two namespaces, some of which replace others of the same read.
    @Test func aBatchIsJudgedMessageByMessage() async throws {
        try await BrokerHarness.run(setup(count: 2)) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#")
            let client = try await broker.connect("a")
            let messages = [
                ("a/1", "1"), ("a/1", "2"), ("b/1", "3"), ("a/2", "4"), ("a/3", "5"), ("a/1", ""), ("a/3", "6"),
                ("a/4", "7"), ("b/2", "8"), ("b/3", "9"), ("b/2", "10"),
            ]
            let identifiers = (1...UInt16(messages.count)).map { $0 }
            await client.send { buffer, version in
                for (identifier, (topic, text)) in zip(identifiers, messages) {
                    var message = OutgoingMessage(topic, Array(text.utf8), .atLeastOnce, isRetained: true)
                    message.packetIdentifier = identifier
                    message.write(to: &buffer, version: version)
                }
            }
            var refused: [UInt16] = []
            for _ in messages {
                let acknowledgement = try await client.receive { packet -> Acknowledgement? in
                    if case .acknowledgement(let acknowledgement) = packet { acknowledgement } else { nil }
                }
                if acknowledgement.reasonCode == .quotaExceeded { refused.append(acknowledgement.packetIdentifier) }
            }
            #expect(refused == [5, 8, 10])
            // What is refused goes to nobody.
            let received = try await subscriber.everything().map(\.text)
            #expect(received == ["1", "2", "3", "4", "", "6", "8", "10"])
            #expect(try await retained(broker, "#") == ["a/2", "a/3", "b/1", "b/2"])
        }
    }

    /// Older clients cannot be told: no acknowledgement, and the end of the connection.
    @Test func anOlderClientIsDisconnected() async throws {
        try await BrokerHarness.run(setup(count: 1)) { broker in
            let client = try await broker.connect("a", .v311)
            try await client.publish("a/1", "x", .atLeastOnce, isRetained: true)
            await client.send(OutgoingMessage("a/2", [1], .atLeastOnce, isRetained: true))
            #expect(try await client.receiveToEnd().isEmpty)
            let other = try await broker.connect("b", .v311)
            // QoS 0 promises nothing.
            try await other.publish("a/2", "x", .atMostOnce, isRetained: true)
            try await other.ping()
            #expect(try await retained(broker, "#") == ["a/1"])
        }
    }

    /// Two event loops that set and clear the same topics at once: the count stays what the store has.
    @Test func theCountStaysRightAmongLoops() async throws {
        try await BrokerHarness.run(setup(count: 8)) { broker in
            let clients = [try await broker.connect("a"), try await broker.connect("b")]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (position, client) in clients.enumerated() {
                    group.addTask {
                        var generator = SeededGenerator(seed: Seed.value &+ UInt64(position))
                        for _ in 0..<400 {
                            let text = generator.below(2) == 0 ? "" : "x"
                            try await client.publish("a/\(generator.below(12))", text, .atLeastOnce, isRetained: true)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let held = try await retained(broker, "#")
            #expect(held.count <= 8, "seed \(Seed.value)")
            // As many as are missing find room, and not one more.
            for number in 0..<(8 - held.count) {
                let code = try await clients[0].publish("a/new\(number)", "x", .atLeastOnce, isRetained: true)
                #expect(!code.isError, "seed \(Seed.value)")
            }
            let code = try await clients[0].publish("a/more", "x", .atLeastOnce, isRetained: true)
            #expect(code == .quotaExceeded, "seed \(Seed.value)")
        }
    }

    @Test func aWillCountsAsWell() async throws {
        try await BrokerHarness.run(setup(count: 1)) { broker in
            let client = try await broker.connect("a")
            try await client.publish("a/1", "x", .atLeastOnce, isRetained: true)
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#")
            _ = try await subscriber.message()
            for topic in ["a/2", "b/1"] {
                let mortal = try await broker.connect("mortal") {
                    $0.will = Will(topic: try! TopicName(topic), payload: [1], isRetained: true)
                }
                await mortal.drop()
            }
            // The first will has no room; the second has.
            #expect(try await subscriber.message().topic == "b/1")
            #expect(try await retained(broker, "#") == ["a/1", "b/1"])
        }
    }
}
