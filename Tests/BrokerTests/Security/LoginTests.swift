import Authentication
import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// Who is let in (CONNECT, `password_file`, `allow_anonymous`).
struct LoginTests {
    /// Of the password `correct`, with the salt `saltsaltsalt`; computed by Python's hashlib.
    private static let hash =
        "$7$101$c2FsdHNhbHRzYWx0$"
        + "XUp9nRjsX5+sNIxyZ17LR7qfgCDk5R21R8nfQ6dP8yrsXDQ1+/61404d1VkvNxJmKGzGMdEgibnsgbAM4rA1DQ=="

    private func setup(isAnonymousAllowed: Bool = false) throws -> BrokerSetup {
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = isAnonymousAllowed
        setup.policy.passwords = PasswordTable([
            (Array("alice".utf8), try PasswordHash(parsing: Array(Self.hash.utf8)))
        ])
        return setup
    }

    /// Connects, and looks at the answer.
    private func connect(
        to broker: BrokerHarness,
        _ version: ProtocolVersion,
        _ user: String?,
        _ password: String?,
        expecting reasonCode: ReasonCode,
        _ sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let client = try await broker.open(version)
        let connack = try await client.connect("a") {
            $0.userName = user.map { UTF8String($0) }
            $0.password = password.map { Password($0) }
        }
        #expect(connack.reasonCode == reasonCode, sourceLocation: sourceLocation)
    }

    @Test func onlyTheRightPasswordOpens() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            try await connect(to: broker, .v50, "alice", "correct", expecting: .success)
            try await connect(to: broker, .v50, "alice", "wrong", expecting: .badUserNameOrPassword)
            try await connect(to: broker, .v50, "alice", "", expecting: .badUserNameOrPassword)
            try await connect(to: broker, .v50, "alice", nil, expecting: .badUserNameOrPassword)
            try await connect(to: broker, .v50, "mallory", "correct", expecting: .badUserNameOrPassword)
            try await connect(to: broker, .v50, nil, nil, expecting: .notAuthorized)
            try await connect(to: broker, .v311, "alice", "correct", expecting: .success)
            // Return code 5, as mosquitto has it.
            try await connect(to: broker, .v311, "alice", "wrong", expecting: .notAuthorized)
        }
    }

    @Test func anonymousClientsComeInWhereTheyMay() async throws {
        try await BrokerHarness.run(try setup(isAnonymousAllowed: true)) { broker in
            try await connect(to: broker, .v50, nil, nil, expecting: .success)
            try await connect(to: broker, .v50, "alice", "wrong", expecting: .badUserNameOrPassword)
        }
    }

    @Test func withoutAPasswordFileNamesAreTakenAtTheirWord() async throws {
        try await BrokerHarness.run { broker in
            try await connect(to: broker, .v50, "anybody", "anything", expecting: .success)
        }
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = false
        try await BrokerHarness.run(setup) { broker in
            try await connect(to: broker, .v50, "anybody", "anything", expecting: .notAuthorized)
        }
    }

    /// `clientid_prefixes`, which holds for identifiers that the broker gives too, as in mosquitto.
    @Test func onlyIdentifiersWithThePrefixAreAdmitted() async throws {
        var setup = BrokerSetup()
        setup.policy.clientIDPrefix = Array("secure-".utf8)
        try await BrokerHarness.run(setup) { broker in
            for (identifier, reasonCode) in [
                ("secure-1", ReasonCode.success), ("secure-", .success), ("secure", .notAuthorized),
                ("other", .notAuthorized), ("", .notAuthorized),
            ] {
                let client = try await broker.open()
                #expect(try await client.connect(identifier).reasonCode == reasonCode, "\(identifier)")
            }
        }
    }

    @Test func whatFollowsConnectWaitsForTheVerdict() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await broker.open()
            await client.send { buffer, version in
                Connect(
                    version: version,
                    clientIdentifier: "a",
                    userName: "alice",
                    password: Password("correct")
                ).write(to: &buffer)
                Ping.writeRequest(to: &buffer)
            }
            guard case .connack(let connack) = try await client.receive() else {
                Issue.record("something else comes before CONNACK")
                return
            }
            #expect(connack.reasonCode == .success)
            #expect(try await client.receive() == .pingresp)
        }
    }
}
