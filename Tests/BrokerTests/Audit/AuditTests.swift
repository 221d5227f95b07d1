import Authentication
import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Mosquitto
import Synchronization
import Testing

/// What the audit trail hears of clients: each security event once, with who, where and why, and nothing that is secret.
struct AuditTests {
    /// Events of one broker, in order.
    private final class Trail: Sendable {
        private let events = Mutex<[AuditEvent]>([])

        func add(_ event: AuditEvent) { events.withLock { $0.append(event) } }

        var all: [AuditEvent] { events.withLock { $0 } }

        func fields(_ name: AuditEvent.Name) -> [[String: String]] {
            all.filter { $0.name == name }.map { event in
                Dictionary(
                    uniqueKeysWithValues: event.fields.map { field in
                        switch field.value {
                        case .text(let text): (field.name, text)
                        case .number(let number): (field.name, "\(number)")
                        }
                    }
                )
            }
        }
    }

    private let trail = Trail()

    private func setup(_ acl: String? = nil, passwords: [(String, String)]? = nil) throws -> BrokerSetup {
        var setup = BrokerSetup()
        setup.audit = { [trail] in trail.add($0) }
        if let acl { setup.policy.rules = try AccessControlFile.parse(Array(acl.utf8), name: "acl").rules }
        if let passwords {
            setup.policy.passwords = PasswordTable(
                try passwords.map { user, password in
                    let hash = try Array(password.utf8).withUnsafeBytes {
                        try PasswordHash(of: $0, scheme: .pbkdf2(iterations: 101))
                    }
                    return (Array(user.utf8), hash)
                }
            )
        }
        return setup
    }

    @Test func loginAndLogout() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await broker.connect("a", isCleanStart: false) {
                $0.userName = "alice"
                $0.sessionExpirySeconds = 100
            }
            try await client.disconnect(sessionExpirySeconds: 100)
            _ = try await broker.connect("a", isCleanStart: false) { $0.userName = "alice" }
            _ = try await broker.connect("nobody")
        }
        let logins = trail.fields(.login)
        #expect(logins.map { $0["client"] } == ["a", "a", "nobody"])
        #expect(logins.map { $0["user"] } == ["alice", "alice", nil])
        #expect(logins.map { $0["proof"] } == ["claimed", "claimed", "anonymous"])
        #expect(logins.map { $0["session"] } == ["new", "resumed", "new"])
        #expect(logins.allSatisfy { $0["address"]?.hasPrefix("127.0.0.1:") == true })
        let logouts = trail.fields(.logout)
        #expect(logouts.first?["reason"] == "disconnected")
        #expect(logouts.first?["user"] == "alice")
        #expect(logouts.dropFirst().map { $0["reason"] } == ["server shutting down", "server shutting down"])
    }

    @Test func passwordsAreJudgedAndNeverTold() async throws {
        let setup = try setup(passwords: [("alice", "right-secret")])
        try await BrokerHarness.run(setup) { broker in
            for (user, password) in [("alice", "right-secret"), ("alice", "wrong-secret"), ("mallory", "guess-secret")]
            {
                let client = try await broker.open()
                _ = try await client.connect("a") {
                    $0.userName = UTF8String(user)
                    $0.password = Password(password)
                }
            }
        }
        #expect(trail.fields(.login).map { $0["proof"] } == ["password"])
        let refusals = trail.fields(.loginRefused)
        #expect(refusals.map { $0["user"] } == ["alice", "mallory"])
        #expect(refusals.allSatisfy { $0["code"] == "0x86" && $0["client"] == "a" })
        #expect(!"\(trail.all)".contains("secret"))
    }

    @Test func whatIsDeniedIsCountedAndItsLineNamed() async throws {
        let acl = "user alice\ntopic readwrite mine/#\ntopic deny mine/hidden-topic\n"
        try await BrokerHarness.run(try setup(acl)) { broker in
            let client = try await broker.connect("a") { $0.userName = "alice" }
            let filters = ["mine/#", "hidden-filter/#", "mine/hidden-topic", "other"]
            try await client.subscribe(
                filters.map { Subscription(filter: try! TopicFilter($0), maximumQoS: .atMostOnce) }
            )
            try await client.subscribe("mine/hidden-topic")
            for _ in 0..<3 { try await client.publish("mine/hidden-topic", "hidden-payload", .atLeastOnce) }
            try await client.publish("mine/a", "hidden-payload", .atLeastOnce)
            try await client.disconnect()
        }
        let subscriptions = trail.fields(.subscribeDenied)
        #expect(subscriptions.map { $0["count"] } == ["3", "1"])
        #expect(subscriptions.map { $0["rule"] } == ["none", "line 3"])
        // One at once, and those of the same minute with the end of the connection.
        let publications = trail.fields(.publishDenied)
        #expect(publications.map { $0["count"] } == ["1", "2"])
        #expect(publications.first?["rule"] == "line 3")
        #expect(publications.allSatisfy { $0["user"] == "alice" })
        #expect(!"\(trail.all)".contains("hidden"))
    }

    @Test func aWillThatIsDeniedIsToldToo() async throws {
        try await BrokerHarness.run(try setup("user alice\ntopic readwrite mine/#\n")) { broker in
            let client = try await broker.connect("a") {
                $0.userName = "alice"
                $0.will = Will(topic: "theirs/hidden", payload: [])
            }
            await client.drop()
            // The will is due when the connection has ended.
            for _ in 0..<1_000 where trail.fields(.publishDenied).isEmpty { try await broker.connect("b").ping() }
        }
        let denied = try #require(trail.fields(.publishDenied).first)
        #expect(
            denied["client"] == "a" && denied["user"] == "alice" && denied["rule"] == "none" && denied["will"] == "yes"
        )
        #expect(!"\(trail.all)".contains("hidden"))
    }

    @Test func bansAndWhoMeetsThem() async throws {
        var setup = try setup()
        setup.policy.isAnonymousAllowed = false
        setup.addressLimits.failuresPerMinute = 1
        try await BrokerHarness.run(setup) { broker in
            _ = try await broker.open().connect("a")
            #expect(try await broker.open().receiveHexToEnd() == "")
        }
        #expect(trail.fields(.loginRefused).map { $0["code"] } == ["0x87"])
        #expect(trail.fields(.ban) == [["address": "127.0.0.1", "seconds": "300"]])
        #expect(trail.fields(.connectionRefused).map { $0["reason"] } == ["banned after refused logins"])
    }

    @Test func aLimitIsTheReasonOfALogout() async throws {
        var setup = try setup()
        setup.userLimits.publishesPerSecond = 10
        setup.slowedSecondsMax = 1
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.connect("a")
            for _ in 0..<1_000 { await client.send(OutgoingMessage("t", [1])) }
            _ = try await client.receiveToEnd()
        }
        #expect(trail.fields(.logout).map { $0["reason"] } == ["message rate too high"])
    }

    @Test func theBrokerItselfIsPartOfTheTrail() async throws {
        try await BrokerHarness.run(try setup()) { _ in }
        #expect(trail.all.map(\.name) == [.start, .stop])
    }
}
