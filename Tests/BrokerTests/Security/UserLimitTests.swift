import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Synchronization
import Testing

/// The limits of one user as a client meets them.
struct UserLimitTests {
    private func connect(
        _ broker: BrokerHarness,
        _ clientID: String,
        _ user: String?,
        _ version: ProtocolVersion = .v50
    ) async throws -> (client: MQTTClient, connack: Connack) {
        let client = try await broker.open(version)
        let connack = try await client.connect(clientID) { $0.userName = user.map { UTF8String($0) } }
        return (client, connack)
    }

    @Test(arguments: [(ProtocolVersion.v50, ReasonCode.quotaExceeded), (.v311, .serverUnavailable)])
    func oneClientTooManyIsRefused(version: ProtocolVersion, expected: ReasonCode) async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.userLimits.connectionsMax = 1
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            let first = try await connect(broker, "a", "alice", version)
            #expect(first.connack.reasonCode == .success)
            #expect(try await connect(broker, "b", "alice", version).connack.reasonCode == expected)
            #expect(try await connect(broker, "b", "bob", version).connack.reasonCode == .success)
            // The same client takes its own place, wherever the earlier connection stands.
            let again = try await connect(broker, "a", "alice", version)
            #expect(again.connack.reasonCode == .success)
            _ = try await first.client.receiveToEnd()
            try await again.client.disconnect()
            #expect(try await connect(broker, "c", "alice", version).connack.reasonCode == .success)
        }
        let suffix = "disconnected: too many connections of this user."
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("Client <unknown> [127.0.0.1:") && $0.hasSuffix(suffix) })
    }

    @Test func connectingTooOftenIsRefused() async throws {
        var setup = BrokerSetup()
        setup.userLimits.connectionsPerSecond = 1
        try await BrokerHarness.run(setup) { broker in
            var codes: [ReasonCode] = []
            for number in 0..<100 where codes.last != .connectionRateExceeded {
                codes.append(try await connect(broker, "a\(number)", "alice").connack.reasonCode)
            }
            #expect(codes.first == .success)
            #expect(codes.last == .connectionRateExceeded)
            #expect(try await connect(broker, "b", "bob").connack.reasonCode == .success)
        }
    }

    @Test(arguments: [(ProtocolVersion.v50, ReasonCode.quotaExceeded), (.v311, .unspecifiedError)])
    func subscriptionsOfAUserAreLimitedOverItsSessions(version: ProtocolVersion, refusal: ReasonCode) async throws {
        var setup = BrokerSetup()
        setup.userLimits.subscriptionsMax = 3
        try await BrokerHarness.run(setup) { broker in
            let (first, _) = try await connect(broker, "a", "alice", version)
            let (second, _) = try await connect(broker, "b", "alice", version)
            #expect(try await first.subscribe("1") == .grantedQoS0)
            #expect(try await first.subscribe("2") == .grantedQoS0)
            #expect(try await second.subscribe("1") == .grantedQoS0)
            #expect(try await second.subscribe("2") == refusal)
            // What it has may be asked for again.
            #expect(try await second.subscribe("1", .atLeastOnce) == .grantedQoS1)
            #expect(try await connect(broker, "c", "bob", version).client.subscribe("1") == .grantedQoS0)
            try await first.unsubscribe("2", "never there")
            #expect(try await second.subscribe("2") == .grantedQoS0)
            // The sessions end with their connections.
            try await second.disconnect()
            var code = refusal
            for _ in 0..<1_000 where code == refusal { code = try await first.subscribe("3") }
            #expect(code == .grantedQoS0)
        }
    }

    /// What waits is counted over all sessions of a user, whichever loops they live on, and over a restart.
    @Test func whatWaitsForAUserIsLimitedOverItsSessions() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 2
        setup.userLimits.queuedBytesMax = 250
        let store = try KeptStore()
        try await BrokerHarness.run(setup, on: store) { broker in
            for (clientID, user) in [("a", "alice"), ("b", "alice"), ("c", "bob")] {
                let client = try await broker.open(.v311)
                _ = try await client.connect(clientID) {
                    $0.userName = UTF8String(user)
                    $0.isCleanStart = false
                }
                try await client.subscribe("t", .atLeastOnce)
                try await client.disconnect()
            }
            try await publish(1...2, broker)
        }
        try await BrokerHarness.run(setup, on: store) { broker in
            try await publish(3...4, broker)
            // 100 bytes of the first two wait for both of alice's, and half of the third; bob has a limit of his own.
            #expect(try await waiting(for: "a", "alice", broker) + waiting(for: "b", "alice", broker) == 5)
            #expect(try await waiting(for: "c", "bob", broker) == 4)
        }
    }

    private func publish(_ numbers: ClosedRange<Int>, _ broker: BrokerHarness) async throws {
        let (publisher, _) = try await connect(broker, "publisher", nil)
        for _ in numbers {
            try await publisher.publish(OutgoingMessage("t", [UInt8](repeating: 0, count: 50), .atLeastOnce))
        }
        try await publisher.disconnect()
    }

    private func waiting(for clientID: String, _ user: String, _ broker: BrokerHarness) async throws -> Int {
        let client = try await broker.open(.v311)
        _ = try await client.connect(clientID) {
            $0.userName = UTF8String(user)
            $0.isCleanStart = false
        }
        return try await client.everything().count
    }

    /// Everything arrives, in order, however fast it was sent: the client is slowed and nothing is lost.
    @Test(arguments: [ProtocolVersion.v50, .v311])
    func whoPublishesTooFastIsSlowed(version: ProtocolVersion) async throws {
        var setup = BrokerSetup()
        setup.userLimits.publishesPerSecond = 100
        try await BrokerHarness.run(setup) { broker in
            let (subscriber, _) = try await connect(broker, "subscriber", "bob", version)
            try await subscriber.subscribe("t")
            let (publisher, _) = try await connect(broker, "publisher", "alice", version)
            let start = ContinuousClock.now
            for number in 0..<250 { await publisher.send(OutgoingMessage("t", Array("\(number)".utf8))) }
            for number in 0..<250 { #expect(try await subscriber.message().text == "\(number)") }
            // The burst is 100; the other 150 take a second and a half.
            #expect(ContinuousClock.now - start > .milliseconds(1_400))
            try await publisher.ping()
        }
    }

    @Test func theBytesOfAllConnectionsOfAUserAreOneRate() async throws {
        var setup = BrokerSetup()
        setup.userLimits.publishBytesPerSecond = 100_000
        try await BrokerHarness.run(setup) { broker in
            let (first, _) = try await connect(broker, "a", "alice")
            let (second, _) = try await connect(broker, "b", "alice")
            let (other, _) = try await connect(broker, "c", "bob")
            let start = ContinuousClock.now
            let payload = [UInt8](repeating: 0, count: 99_000)
            for _ in 0..<2 {
                try await first.publish(OutgoingMessage("t", payload, .atLeastOnce))
                try await second.publish(OutgoingMessage("t", payload, .atLeastOnce))
            }
            // Of 396 kB there is room for 100 at once, and the last may be owed.
            #expect(ContinuousClock.now - start > .milliseconds(1_800))
            try await other.publish(OutgoingMessage("t", payload, .atLeastOnce))
        }
    }

    @Test(arguments: [ProtocolVersion.v50, .v311])
    func whoGoesOnForTooLongIsEnded(version: ProtocolVersion) async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.userLimits.publishesPerSecond = 10
        setup.slowedSecondsMax = 1
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            let (publisher, _) = try await connect(broker, "publisher", "alice", version)
            for _ in 0..<1_000 { await publisher.send(OutgoingMessage("t", [1])) }
            let packets = try await publisher.receiveToEnd()
            switch version {
            case .v50:
                #expect(packets.last == .disconnect(.messageRateTooHigh))
            default: #expect(packets.isEmpty)
            }
        }
        let suffix = "disconnected: message rate too high."
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("Client publisher [") && $0.hasSuffix(suffix) })
    }

    @Test func anAddressMayHaveARateToo() async throws {
        var setup = BrokerSetup()
        setup.addressLimits.clients.publishesPerSecond = 10
        setup.slowedSecondsMax = 1
        try await BrokerHarness.run(setup) { broker in
            let (publisher, _) = try await connect(broker, "publisher", nil)
            for _ in 0..<1_000 { await publisher.send(OutgoingMessage("t", [1])) }
            #expect(try await publisher.receiveToEnd().last == .disconnect(.messageRateTooHigh))
        }
    }

    @Test func topicsAndFiltersHaveAsManyLevelsAsTheyMay() async throws {
        var setup = BrokerSetup()
        setup.limits.topicLevelsMax = 3
        try await BrokerHarness.run(setup) { broker in
            let (client, _) = try await connect(broker, "a", "alice")
            #expect(try await client.subscribe("a/b/c") == .grantedQoS0)
            #expect(try await client.subscribe("a/+/#") == .grantedQoS0)
            #expect(try await client.subscribe("$share/g/a/b/c") == .grantedQoS0)
            #expect(try await client.subscribe("a/b/c/d") == .topicFilterInvalid)
            #expect(try await client.publish("a/b/c", "x", .atLeastOnce) == .success)
            #expect(try await client.publish("a/b/c/d", "x", .atLeastOnce) == .topicNameInvalid)
            #expect(try await client.publish("a/b/c", "y", .exactlyOnce) == .success)
        }
    }
}
