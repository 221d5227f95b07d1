import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import RetainedStore
import Testing

/// Sessions that outlive the broker, by what a power cut at the moment in question would leave.
struct DurableSessionTests {
    private let setup = BrokerSetup.losingUnsyncedWrites

    /// A client with a session that is kept.
    private func connect(
        _ broker: BrokerHarness,
        _ name: String = "kept",
        _ version: ProtocolVersion = .v50,
        isPresent: Bool
    ) async throws -> MQTTClient {
        let client = try await broker.open(version)
        let connack = try await client.connect(name, isCleanStart: false) {
            if version == .v50 { $0.sessionExpirySeconds = 1_000 }
        }
        #expect(connack.isSessionPresent == isPresent)
        return client
    }

    @Test(arguments: [ProtocolVersion.v311, .v50])
    func whatWasAcknowledgedAwaitsAClientThatIsAway(version: ProtocolVersion) async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await connect(broker, "kept", version, isPresent: false)
            try await client.subscribe("a/#", .exactlyOnce)
            try await client.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/0", "of QoS 0")
            try await publisher.publish("a/1", "one", .atLeastOnce)
            try await publisher.publish("a/2", "two", .exactlyOnce)
            try await publisher.publish("a/1", "three", .atLeastOnce, isRetained: true)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/4", "four", .atLeastOnce)
            let client = try await connect(broker, "kept", version, isPresent: true)
            let messages = try await client.everything()
            #expect(messages.map(\.text) == ["one", "two", "three", "four"])
            #expect(messages.map(\.qos) == [.atLeastOnce, .exactlyOnce, .atLeastOnce, .atLeastOnce])
            #expect(messages.allSatisfy { !$0.isDuplicate && !$0.isRetained })
        }
    }

    @Test func subscriptionsComeBackWithTheirOptions() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("plain", .atLeastOnce, identifier: 7)
            try await client.subscribe("published/#", .atLeastOnce, isRetainAsPublished: true)
            try await client.subscribe("own", .atLeastOnce, isNoLocal: true)
            try await client.subscribe("ended", .atLeastOnce)
            try await client.subscribe("lowered", .exactlyOnce)
            try await client.subscribe("lowered", .atMostOnce)
            _ = try await client.unsubscribe("ended")
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let client = try await connect(broker, isPresent: true)
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("plain", "one", .atLeastOnce)
            try await publisher.publish("published/x", "two", .atLeastOnce, isRetained: true)
            try await publisher.publish("ended", "three", .atLeastOnce)
            try await publisher.publish("lowered", "four", .atLeastOnce)
            try await client.publish("own", "five", .atLeastOnce)
            let messages = try await client.everything()
            #expect(messages.map(\.text) == ["one", "two", "four"])
            #expect(messages.map(\.qos) == [.atLeastOnce, .atLeastOnce, .atMostOnce])
            #expect(messages[0].subscriptionIdentifiers == [7])
            #expect(messages.map(\.isRetained) == [false, true, false])
        }
    }

    /// [MQTT-4.4.0-1] across the broker's end.
    @Test func whatWasInFlightIsSentAgainInOrder() async throws {
        var sent: [ReceivedMessage] = []
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher")
            for text in ["one", "two", "three", "four"] {
                try await publisher.publish("a", text, text == "one" ? .atLeastOnce : .exactlyOnce)
            }
            for _ in 0..<4 { if case .publish(let message) = try await client.receive() { sent.append(message) } }
            // The second is released as far as PUBREL, the fourth is finished; the others are not acknowledged.
            await client.send(Acknowledgement(.pubrec, packetIdentifier: sent[3].packetIdentifier))
            _ = try await client.acknowledgement(.pubrel, sent[3].packetIdentifier)
            await client.send(Acknowledgement(.pubcomp, packetIdentifier: sent[3].packetIdentifier))
            await client.send(Acknowledgement(.pubrec, packetIdentifier: sent[1].packetIdentifier))
            _ = try await client.acknowledgement(.pubrel, sent[1].packetIdentifier)
            // Everything before it is durable when this is.
            try await client.subscribe("b")
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let client = try await connect(broker, isPresent: true)
            guard case .publish(let one) = try await client.receive(),
                case .acknowledgement(let pubrel) = try await client.receive(),
                case .publish(let three) = try await client.receive()
            else {
                Issue.record("another order")
                return
            }
            #expect(one.text == "one" && one.isDuplicate && one.packetIdentifier == sent[0].packetIdentifier)
            #expect(pubrel.kind == .pubrel && pubrel.packetIdentifier == sent[1].packetIdentifier)
            #expect(three.text == "three" && three.isDuplicate && three.packetIdentifier == sent[2].packetIdentifier)
            // The fourth is finished.
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "five", .atLeastOnce)
            #expect(try await client.message().text == "five")
        }
    }

    /// [MQTT-4.3.3-10]: sent again after the broker's end, a message that was received is not published again.
    @Test(arguments: [false, true]) func aMessageThatWasReceivedIsNotTakenForANewOne(isRetained: Bool) async throws {
        var identifier: UInt16 = 0
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let receiver = try await connect(broker, "receiver", isPresent: false)
            try await receiver.subscribe("a", .exactlyOnce)
            try await receiver.disconnect()
            let sender = try await connect(broker, "sender", isPresent: false)
            identifier = await sender.send(OutgoingMessage("a", "once", .exactlyOnce, isRetained: isRetained))
            _ = try await sender.acknowledgement(.pubrec, identifier)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let sender = try await connect(broker, "sender", isPresent: true)
            var again = OutgoingMessage("a", "once", .exactlyOnce, isRetained: isRetained)
            again.packetIdentifier = identifier
            again.isDuplicate = true
            _ = await sender.send(again)
            _ = try await sender.acknowledgement(.pubrec, identifier)
            await sender.send(Acknowledgement(.pubrel, packetIdentifier: identifier))
            _ = try await sender.acknowledgement(.pubcomp, identifier)
            let receiver = try await connect(broker, "receiver", isPresent: true)
            #expect(try await receiver.everything().map(\.text) == ["once"])
        }
    }

    /// [MQTT-4.3.3-12]: once PUBCOMP was sent, the identifier is free for another message.
    @Test func anIdentifierThatWasReleasedIsFree() async throws {
        var identifier: UInt16 = 0
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let receiver = try await connect(broker, "receiver", isPresent: false)
            try await receiver.subscribe("a", .exactlyOnce)
            try await receiver.disconnect()
            let sender = try await connect(broker, "sender", isPresent: false)
            identifier = await sender.send(OutgoingMessage("a", "one", .exactlyOnce))
            _ = try await sender.acknowledgement(.pubrec, identifier)
            await sender.send(Acknowledgement(.pubrel, packetIdentifier: identifier))
            _ = try await sender.acknowledgement(.pubcomp, identifier)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let sender = try await connect(broker, "sender", isPresent: true)
            var next = OutgoingMessage("a", "two", .exactlyOnce)
            next.packetIdentifier = identifier
            _ = await sender.send(next)
            _ = try await sender.acknowledgement(.pubrec, identifier)
            let receiver = try await connect(broker, "receiver", isPresent: true)
            #expect(try await receiver.everything().map(\.text) == ["one", "two"])
        }
    }

    @Test func whatWasAcknowledgedIsGone() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher")
            for number in 0..<30 {
                try await publisher.publish("a", "\(number)", number % 2 == 0 ? .atLeastOnce : .exactlyOnce)
            }
            _ = try await client.messages(30)
            // Everything before it is durable when this is.
            try await client.subscribe("b", .atMostOnce)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let client = try await connect(broker, isPresent: true)
            #expect(try await client.everything().isEmpty)
            #expect(broker.store.statistics.sessionIndexCount + UInt64(broker.store.statistics.sessionOverlayCount) > 0)
            try broker.store.checkpoint()
            // The session and its two subscriptions.
            #expect(broker.store.statistics.sessionIndexCount == 3)
        }
    }

    @Test func aSessionThatEndsTakesEverythingAlong() async throws {
        let kept = try KeptStore()
        try await BrokerHarness.run(setup, on: kept) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher")
            for number in 0..<30 { try await publisher.publish("a", "\(number)", .exactlyOnce) }
            // DISCONNECT ends it.
            try await client.disconnect(sessionExpirySeconds: 0)
            let other = try await connect(broker, "other", isPresent: false)
            try await other.subscribe("a", .exactlyOnce)
            try await other.disconnect()
            for number in 0..<30 { try await publisher.publish("a", "\(number)", .exactlyOnce) }
            // A clean start ends it.
            _ = try await broker.connect("other", isCleanStart: true)
        }
        try await BrokerHarness.run(setup, on: kept) { broker in
            try broker.store.checkpoint()
            #expect(broker.store.statistics.sessionIndexCount == 0)
            _ = try await connect(broker, isPresent: false)
        }
    }

    /// [MQTT-3.1.2-4]: whoever began anew does not find the old session again, whatever happens to the broker.
    @Test(arguments: [false, true]) func aCleanStartIsForGood(isKept: Bool) async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a", .exactlyOnce)
            try await client.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "old", .atLeastOnce)
            _ = try await broker.connect("kept", isCleanStart: true) { if isKept { $0.sessionExpirySeconds = 1_000 } }
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let client = try await connect(broker, isPresent: isKept)
            #expect(try await client.everything().isEmpty)
        }
    }

    @Test func aClientThatWantsNothingKeptWritesNothing() async throws {
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.connect("clean")
            try await client.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher", .v311)
            for _ in 0..<10 { try await publisher.publish("a", "x", .exactlyOnce) }
            _ = try await client.messages(10)
            #expect(broker.store.statistics.lastLSN == 0)
        }
    }

    @Test func whereSessionsAreNotKeptNothingIsWritten() async throws {
        var setup = setup
        setup.areSessionsKept = false
        try await BrokerHarness.run(setup) { broker in
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a", .exactlyOnce)
            try await client.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "x", .exactlyOnce)
            let again = try await connect(broker, isPresent: true)
            #expect(try await again.everything().map(\.text) == ["x"])
            #expect(broker.store.statistics.lastLSN == 0)
        }
    }

    /// Retained messages that a new subscription brought are under way to the client as others are.
    @Test func retainedMessagesUnderWayAreSentAgain() async throws {
        let store = try await BrokerHarness.cutPower(setup) { broker in
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/1", "one", .exactlyOnce, isRetained: true)
            let client = try await connect(broker, isPresent: false)
            try await client.subscribe("a/#", .exactlyOnce)
            guard case .publish = try await client.receive() else {
                Issue.record("no message")
                return
            }
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            let client = try await connect(broker, isPresent: true)
            let messages = try await client.everything()
            #expect(messages.map(\.text) == ["one"])
            #expect(messages.map(\.isRetained) == [true])
            #expect(messages.map(\.isDuplicate) == [true])
        }
    }
}
