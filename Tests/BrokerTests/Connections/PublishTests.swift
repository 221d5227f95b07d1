import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// PUBLISH and its acknowledgements (MQTT 5.0, 3.3, 4.3, 4.6).
struct PublishTests {
    @Test(arguments: QoS.allCases, QoS.allCases)
    func aMessageArrivesAtTheLowerQoS(published: QoS, subscribed: QoS) async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber", .v311)
            #expect(try await subscriber.subscribe("a/b", subscribed).rawValue == subscribed.rawValue)
            let publisher = try await broker.connect("publisher")
            #expect(try await publisher.publish("a/b", "x", published) == .success)
            let message = try await subscriber.message()
            #expect(message.qos == min(published, subscribed))
            #expect(message.text == "x")
            #expect(!message.isRetained && !message.isDuplicate)
            #expect(try await subscriber.everything().isEmpty)
        }
    }

    @Test(arguments: [QoS.atLeastOnce, .exactlyOnce])
    func aPublisherOf5LearnsThatNobodyListens(qos: QoS) async throws {
        try await BrokerHarness.run { broker in
            let publisher = try await broker.connect("publisher")
            #expect(try await publisher.publish("a", "x", qos) == .noMatchingSubscribers)
            let older = try await broker.connect("older", .v311)
            #expect(try await older.publish("a", "x", qos) == .success)
        }
    }

    /// MQTT 5.0, 4.3.3: the second sending of a QoS 2 message is acknowledged and not delivered.
    @Test func aRepeatedMessageAtQoS2IsDeliveredOnce() async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher")
            var message = OutgoingMessage("a", "once", .exactlyOnce)
            message.packetIdentifier = 7
            await publisher.send(message)
            message.isDuplicate = true
            await publisher.send(message)
            #expect(try await publisher.acknowledgement(.pubrec, 7).reasonCode == .success)
            _ = try await publisher.acknowledgement(.pubrec, 7)
            await publisher.send(message)
            _ = try await publisher.acknowledgement(.pubrec, 7)
            await publisher.send(Acknowledgement(.pubrel, packetIdentifier: 7))
            #expect(try await publisher.acknowledgement(.pubcomp, 7).reasonCode == .success)
            #expect(try await subscriber.everything().map(\.text) == ["once"])
            // After PUBREL the identifier stands for another message.
            message.isDuplicate = false
            message.payload = Array("twice".utf8)
            #expect(try await publisher.publish(message) == .success)
            #expect(try await subscriber.everything().map(\.text) == ["twice"])
        }
    }

    @Test func anUnknownPubrelIsAnsweredWithNotFound() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            await client.send(Acknowledgement(.pubrel, packetIdentifier: 9))
            #expect(try await client.acknowledgement(.pubcomp, 9).reasonCode == .packetIdentifierNotFound)
            let older = try await broker.connect("b", .v311)
            await older.send(hex: "62 02 0009")
            #expect(try await older.receiveHex(count: 4) == "70 02 00 09")
        }
    }

    @Test func anUnknownPubrecIsAnsweredWithNotFound() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a")
            await client.send(Acknowledgement(.pubrec, packetIdentifier: 9))
            #expect(try await client.acknowledgement(.pubrel, 9).reasonCode == .packetIdentifierNotFound)
        }
    }

    /// [MQTT-4.6.0-2]: a plain or denied message waits behind a retained one that is not on disk yet.
    @Test func acknowledgementsKeepTheOrderOfTheMessages() async throws {
        var setup = BrokerSetup()
        setup.limits.inflightCountMax = 0
        setup.policy.rules = try rules("topic readwrite open/#")
        try await BrokerHarness.run(setup) { broker in
            let publisher = try await broker.connect("publisher")
            var random = SeededGenerator(seed: Seed.value)
            for _ in 0..<20 {
                var sent: [UInt16] = []
                var messages: [OutgoingMessage] = []
                for number in 0..<50 {
                    let kind = random.below(3)
                    let topic = kind == 2 ? "denied" : "open/\(number)"
                    var message = OutgoingMessage(topic, "x", .atLeastOnce, isRetained: kind == 0)
                    message.packetIdentifier = UInt16(sent.count + 1)
                    sent.append(message.packetIdentifier)
                    messages.append(message)
                }
                // In one piece, so that they share reads and batches; in several, so that they do not.
                let size = 1 + random.below(50)
                var rest = messages[...]
                while !rest.isEmpty {
                    let piece = Array(rest.prefix(size))
                    rest = rest.dropFirst(size)
                    await publisher.send { buffer, version in
                        for message in piece { message.write(to: &buffer, version: version) }
                    }
                }
                var acknowledged: [UInt16] = []
                while acknowledged.count < sent.count {
                    guard case .acknowledgement(let puback) = try await publisher.receive() else { break }
                    acknowledged.append(puback.packetIdentifier)
                }
                #expect(acknowledged == sent, "seed \(Seed.value)")
            }
        }
    }

    @Test func messagesOfOneTopicKeepTheirOrder() async throws {
        var setup = BrokerSetup()
        setup.limits.queuedCountMax = 0
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("t", .atLeastOnce)
            let publisher = try await broker.connect("publisher", .v311)
            let count = 500
            await publisher.send { buffer, version in
                for number in 1...count {
                    var message = OutgoingMessage("t", "\(number)", .atLeastOnce)
                    message.packetIdentifier = UInt16(number)
                    message.write(to: &buffer, version: version)
                }
            }
            #expect(try await subscriber.messages(count).map(\.text) == (1...count).map { "\($0)" })
        }
    }

    @Test func anAliasStandsForItsTopic() async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("#")
            let publisher = try await broker.connect("publisher")
            for (topic, text) in [("first", "1"), ("", "2"), ("second", "3"), ("", "4")] {
                var message = OutgoingMessage(topic, text)
                message.topicAlias = 10
                await publisher.send(message)
            }
            #expect(
                try await subscriber.messages(4).map { $0.topic + $0.text } == [
                    "first1", "first2", "second3", "second4",
                ]
            )
        }
    }

    @Test func propertiesAreForwardedInOrder() async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("a", .atLeastOnce)
            let publisher = try await broker.connect("publisher")
            let properties = [
                UserProperty(name: "b", value: "1"), UserProperty(name: "a", value: "2"),
                UserProperty(name: "b", value: "3"),
            ]
            var message = OutgoingMessage("a", "x", .atLeastOnce)
            message.forwardedProperties = ForwardedProperties.encode(userProperties: properties)
            message.messageExpirySeconds = 100
            try await publisher.publish(message)
            let received = try await subscriber.message()
            #expect(received.userProperties == properties)
            #expect((95...100).contains(received.messageExpirySeconds ?? 0))
        }
    }
}
