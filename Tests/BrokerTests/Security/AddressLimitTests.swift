import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Synchronization
import Testing

/// Limits and bans as a client meets them.
struct AddressLimitTests {
    @Test func oneConnectionTooManyIsClosedAndLogged() async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.addressLimits.connectionsMax = 2
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            let first = try await broker.connect("a")
            let second = try await broker.connect("b")
            let third = try await broker.open()
            #expect(try await third.receiveHexToEnd() == "")
            try await first.disconnect()
            try await second.ping()
            // The connection has ended for the broker when its end has reached the client.
            let fourth = try await broker.connect("c")
            try await fourth.ping()
        }
        let suffix = "disconnected: too many connections from this address."
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("Client <unknown> [127.0.0.1:") && $0.hasSuffix(suffix) })
    }

    /// Half-open ones count too, where no proxy may say later that they are somebody else's.
    @Test func webSocketsCountBeforeTheirHandshake() async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        // One, so that connections are taken in their order.
        setup.eventLoopCount = 1
        setup.addressLimits.connectionsMax = 2
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            let first = try await broker.openWebSocket()
            #expect(try await first.upgrade().first?.hasPrefix("HTTP/1.1 101") == true)
            let second = try await broker.openWebSocket()
            // Answered, so that it is known to have been taken; it is no upgrade.
            #expect(try await second.request(["GET / HTTP/1.0"]).first?.contains("426") == true)
            _ = try await second.receiveToEnd()
            let silent = try await broker.openWebSocket()
            let third = try await broker.openWebSocket()
            #expect(try await third.receiveToEnd().isEmpty)
            await first.send(.binary, hex: "10 0d 0004 4d515454 04 02 003c 0001 61")
            #expect(try await first.receiveHex(count: 4) == "20 02 00 00")
            withExtendedLifetime(silent) {}
        }
        let suffix = "disconnected: too many connections from this address."
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("Client <unknown> [127.0.0.1:") && $0.hasSuffix(suffix) })
    }

    @Test func subscriptionsAreLimitedOverTheUsersOfAnAddress() async throws {
        var setup = BrokerSetup()
        setup.addressLimits.clients.subscriptionsMax = 3
        setup.userLimits.subscriptionsMax = 2
        try await BrokerHarness.run(setup) { broker in
            var clients: [MQTTClient] = []
            for user in ["alice", "bob"] {
                let client = try await broker.open()
                _ = try await client.connect(user) { $0.userName = UTF8String(user) }
                clients.append(client)
            }
            #expect(try await clients[0].subscribe("1") == .grantedQoS0)
            #expect(try await clients[0].subscribe("2") == .grantedQoS0)
            // Her own limit; the address has room for one of his.
            #expect(try await clients[0].subscribe("3") == .quotaExceeded)
            #expect(try await clients[1].subscribe("1") == .grantedQoS0)
            #expect(try await clients[1].subscribe("2") == .quotaExceeded)
            // What one gives back the other may have.
            try await clients[0].unsubscribe("2", "never there")
            #expect(try await clients[1].subscribe("2") == .grantedQoS0)
            #expect(try await clients[0].subscribe("2") == .quotaExceeded)
        }
    }

    @Test func whatWaitsIsLimitedOverTheUsersOfAnAddress() async throws {
        var setup = BrokerSetup()
        setup.eventLoopCount = 2
        setup.addressLimits.clients.queuedBytesMax = 250
        try await BrokerHarness.run(setup) { broker in
            func connect(_ user: String, isCleanStart: Bool = false) async throws -> MQTTClient {
                let client = try await broker.open(.v311)
                _ = try await client.connect(user) {
                    $0.userName = UTF8String(user)
                    $0.isCleanStart = isCleanStart
                }
                return client
            }
            for user in ["alice", "bob"] {
                let client = try await connect(user)
                try await client.subscribe("t", .atLeastOnce)
                try await client.disconnect()
            }
            let publisher = try await connect("publisher", isCleanStart: true)
            for _ in 0..<4 {
                try await publisher.publish(OutgoingMessage("t", [UInt8](repeating: 0, count: 50), .atLeastOnce))
            }
            // 100 bytes of the first two wait for both, and half of the third.
            var count = 0
            for user in ["alice", "bob"] { count += try await connect(user).everything().count }
            #expect(count == 5)
        }
    }

    @Test func whoGuessesPasswordsIsBanned() async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = false
        setup.addressLimits.failuresPerMinute = 3
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            for _ in 0..<3 {
                let client = try await broker.open()
                #expect(try await client.connect("a").reasonCode == .notAuthorized)
            }
            let banned = try await broker.open()
            #expect(try await banned.receiveHexToEnd() == "")
        }
        let log = lines.withLock { $0 }
        #expect(log.contains { $0.hasPrefix("127.0.0.1:") && $0.hasSuffix(" is banned: too many refused logins.") })
        #expect(log.contains { $0.hasSuffix(" disconnected: banned after refused logins.") })
    }
}
