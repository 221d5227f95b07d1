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
