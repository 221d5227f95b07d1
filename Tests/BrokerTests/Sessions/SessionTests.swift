import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// Sessions that outlive their connections (MQTT 5.0, 3.1.2.4, 4.1, 4.4).
struct SessionTests {
    private func connectKept(_ broker: BrokerHarness, _ version: ProtocolVersion = .v50) async throws -> (
        MQTTClient, Connack
    ) {
        let client = try await broker.open(version)
        let connack = try await client.connect("kept", isCleanStart: false) {
            if version == .v50 { $0.sessionExpirySeconds = 1_000 }
            $0.will = Will(topic: "gone", payload: [])
        }
        return (client, connack)
    }

    /// Drops a connection, and returns when the broker has let go of it: what is published then is no longer sent to it.
    private func drop(_ client: MQTTClient, _ broker: BrokerHarness) async throws {
        let watcher = try await broker.connect("watcher")
        try await watcher.subscribe("gone", .atLeastOnce)
        await client.drop()
        _ = try await watcher.message()
        try await watcher.disconnect()
    }

    @Test(arguments: [ProtocolVersion.v311, .v50])
    func whatComesWhileAClientIsAwayAwaitsIt(version: ProtocolVersion) async throws {
        try await BrokerHarness.run { broker in
            let (first, new) = try await connectKept(broker, version)
            #expect(!new.isSessionPresent)
            try await first.subscribe("a/#", .exactlyOnce)
            try await first.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a/0", "lost", .atMostOnce)
            try await publisher.publish("a/1", "one", .atLeastOnce)
            try await publisher.publish("a/2", "two", .exactlyOnce)
            try await publisher.publish("a/1", "three", .atLeastOnce)
            let (second, resumed) = try await connectKept(broker, version)
            #expect(resumed.isSessionPresent)
            let messages = try await second.everything()
            #expect(messages.map(\.text) == ["one", "two", "three"])
            #expect(messages.map(\.qos) == [.atLeastOnce, .exactlyOnce, .atLeastOnce])
            #expect(messages.allSatisfy { !$0.isDuplicate })
        }
    }

    /// [MQTT-4.4.0-1]
    @Test func whatWasInFlightIsSentAgainInOrder() async throws {
        try await BrokerHarness.run { broker in
            let (first, _) = try await connectKept(broker)
            try await first.subscribe("a", .exactlyOnce)
            let publisher = try await broker.connect("publisher")
            for text in ["one", "two", "three"] {
                try await publisher.publish("a", text, text == "two" ? .exactlyOnce : .atLeastOnce)
            }
            var sent: [ReceivedMessage] = []
            for _ in 0..<3 { if case .publish(let message) = try await first.receive() { sent.append(message) } }
            // The second is released as far as PUBREL; the others are not acknowledged.
            await first.send(Acknowledgement(.pubrec, packetIdentifier: sent[1].packetIdentifier))
            _ = try await first.acknowledgement(.pubrel, sent[1].packetIdentifier)
            try await drop(first, broker)
            try await publisher.publish("a", "four", .atLeastOnce)
            let (second, _) = try await connectKept(broker)
            guard case .publish(let one) = try await second.receive(),
                case .acknowledgement(let pubrel) = try await second.receive(),
                case .publish(let three) = try await second.receive(),
                case .publish(let four) = try await second.receive()
            else {
                Issue.record("another order")
                return
            }
            #expect(one.text == "one" && one.isDuplicate && one.packetIdentifier == sent[0].packetIdentifier)
            #expect(pubrel.kind == .pubrel && pubrel.packetIdentifier == sent[1].packetIdentifier)
            #expect(three.text == "three" && three.isDuplicate && three.packetIdentifier == sent[2].packetIdentifier)
            #expect(four.text == "four" && !four.isDuplicate)
        }
    }

    @Test func aCleanStartDiscardsTheSession() async throws {
        try await BrokerHarness.run { broker in
            let (first, _) = try await connectKept(broker)
            try await first.subscribe("a", .atLeastOnce)
            try await first.disconnect()
            let publisher = try await broker.connect("publisher")
            try await publisher.publish("a", "x", .atLeastOnce)
            let clean = try await broker.connect("kept")
            #expect(try await clean.everything().isEmpty)
            try await clean.disconnect()
            #expect(try await publisher.publish("a", "x", .atLeastOnce) == .noMatchingSubscribers)
            let (_, connack) = try await connectKept(broker)
            #expect(!connack.isSessionPresent)
        }
    }

    /// [MQTT-4.1.0-2]: the will, which comes with the session's end, says when to look.
    @Test func anExpiredSessionIsNotFound() async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await broker.connect("watcher")
            try await watcher.subscribe("will")
            let client = try await broker.connect("a") {
                $0.sessionExpirySeconds = 1
                $0.will = Will(topic: "will", payload: [], delaySeconds: 1_000)
            }
            try await client.subscribe("a", .atLeastOnce)
            await client.drop()
            _ = try await watcher.message()
            #expect(try await watcher.publish("a", "x", .atLeastOnce) == .noMatchingSubscribers)
            let again = try await broker.open().connect("a", isCleanStart: false)
            #expect(!again.isSessionPresent)
        }
    }

    @Test func disconnectMayChangeTheExpiry() async throws {
        try await BrokerHarness.run { broker in
            let (first, _) = try await connectKept(broker)
            try await first.disconnect(sessionExpirySeconds: 0)
            let (second, connack) = try await connectKept(broker)
            #expect(!connack.isSessionPresent)
            try await second.disconnect()
            let plain = try await broker.connect("plain")
            await plain.send { buffer, version in
                Disconnect(sessionExpirySeconds: 5).write(to: &buffer, version: version)
            }
            #expect(try await plain.receiveToEnd() == [.disconnect(.protocolError)])
        }
    }

    /// A message at QoS 2 that was received before the connection was lost is not delivered again.
    @Test func whatWasReceivedAtQoS2IsRemembered() async throws {
        try await BrokerHarness.run { broker in
            let subscriber = try await broker.connect("subscriber")
            try await subscriber.subscribe("a", .exactlyOnce)
            let (first, _) = try await connectKept(broker)
            var message = OutgoingMessage("a", "once", .exactlyOnce)
            message.packetIdentifier = 3
            await first.send(message)
            _ = try await first.acknowledgement(.pubrec, 3)
            try await drop(first, broker)
            let (second, _) = try await connectKept(broker)
            message.isDuplicate = true
            try await second.publish(message)
            #expect(try await subscriber.everything().map(\.text) == ["once"])
        }
    }

    /// [MQTT-3.1.4-3], from every loop to every other.
    @Test func aSecondConnectionTakesTheSession() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 3
        try await BrokerHarness.run(setup) { broker in
            let publisher = try await broker.connect("publisher")
            var (client, _) = try await connectKept(broker)
            try await client.subscribe("a", .atLeastOnce)
            for round in 0..<12 {
                let before = client
                let (next, connack) = try await connectKept(broker)
                client = next
                #expect(connack.isSessionPresent)
                #expect(try await before.receiveToEnd() == [.disconnect(.sessionTakenOver)])
                try await publisher.publish("a", "\(round)", .atLeastOnce)
                #expect(try await client.message().text == "\(round)")
                // Until its PUBACK has been read the message is in flight, and would be sent again.
                try await client.ping()
            }
        }
    }

    @Test func manyTakeoversAtOnceLeaveOneConnection() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 3
        try await BrokerHarness.run(setup) { broker in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let client = try await broker.open()
                        await client.send { buffer, _ in
                            Connect(
                                version: .v50,
                                clientIdentifier: "contested",
                                isCleanStart: number.isMultiple(of: 3),
                                keepAliveSeconds: 0,
                                sessionExpirySeconds: 100
                            ).write(to: &buffer)
                        }
                        // Either it was let in and then another came, or it is the last, and is dropped below.
                        _ = try await client.receive()
                        await client.drop()
                    }
                }
                try await group.waitForAll()
            }
            let last = try await broker.connect("contested", isCleanStart: false)
            try await last.subscribe("a", .atLeastOnce)
            try await last.publish("a", "x", .atLeastOnce)
            #expect(try await last.everything().map(\.text) == ["x"])
        }
    }

    @Test func aFullQueueDropsTheNewest() async throws {
        var setup = BrokerSetup()
        setup.limits.queuedCountMax = 3
        try await BrokerHarness.run(setup) { broker in
            let (first, _) = try await connectKept(broker)
            try await first.subscribe("a", .atLeastOnce)
            try await first.disconnect()
            let publisher = try await broker.connect("publisher")
            for number in 1...5 { try await publisher.publish("a", "\(number)", .atLeastOnce) }
            let (second, _) = try await connectKept(broker)
            #expect(try await second.everything().map(\.text) == ["1", "2", "3"])
        }
    }
}
