import Authentication
import Broker
import BrokerTesting
import MQTTWire
import Testing

/// AUTH (MQTT 5.0, 4.12) with a method that every test can compute: the client sends the reverse of the challenge.
struct EnhancedAuthenticationTests {
    /// Challenges with `abc`, and takes whoever answers `cba` for the user that it named at first.
    private struct Reversal: AuthenticationMethod {
        let name = "REVERSAL"

        func begin() -> any AuthenticationExchange { Exchange() }

        private struct Exchange: AuthenticationExchange {
            private var user: [UInt8]?

            mutating func received(_ data: [UInt8]) -> AuthenticationStep {
                guard let user else {
                    user = data
                    return .challenge(Array("abc".utf8))
                }
                return data == Array("cba".utf8) ? .accepted(userName: user, data: Array("welcome".utf8)) : .refused
            }
        }
    }

    private func setup() throws -> BrokerSetup {
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = false
        setup.policy.rules = try rules("user alice", "topic readwrite alice/#")
        let credential = try #require(ScramCredential(password: Array("secret".utf8), salt: Array("salt".utf8)))
        setup.policy.authenticationMethods = [Reversal(), ScramSHA256(credentials: [Array("alice".utf8): credential])]
        return setup
    }

    /// Sends CONNECT, and returns the first packet of the broker.
    private func begin(_ client: MQTTClient, _ method: UTF8String, _ data: String) async throws -> ReceivedPacket {
        await client.send { buffer, _ in
            var connect = Connect(version: .v50, clientIdentifier: "c")
            connect.authenticationMethod = method
            connect.authenticationData = Array(data.utf8)
            connect.write(to: &buffer)
        }
        return try await client.receive()
    }

    private func answer(
        _ client: MQTTClient,
        _ data: String,
        _ code: ReasonCode = .continueAuthentication,
        method: UTF8String = "REVERSAL"
    ) async {
        await client.send { buffer, _ in
            Auth(reasonCode: code, authenticationMethod: method, authenticationData: Array(data.utf8)).write(
                to: &buffer
            )
        }
    }

    private let challenge = ReceivedPacket.auth(
        Auth(
            reasonCode: .continueAuthentication,
            authenticationMethod: "REVERSAL",
            authenticationData: Array("abc".utf8)
        )
    )

    @Test func whoeverAnswersIsLetInWithTheRightsOfTheUser() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await broker.open()
            #expect(try await begin(client, "REVERSAL", "alice") == challenge)
            await answer(client, "cba")
            guard case .connack(let connack) = try await client.receive() else {
                Issue.record("no CONNACK")
                return
            }
            #expect(connack.reasonCode == .success)
            #expect(connack.authenticationMethod == "REVERSAL")
            #expect(connack.authenticationData == Array("welcome".utf8))
            try await client.subscribe("alice/#", .atLeastOnce)
            #expect(try await client.publish("alice/x", "1", .atLeastOnce) == .success)
            #expect(try await client.message().text == "1")
            #expect(try await client.publish("bob/x", "1", .atLeastOnce) == .notAuthorized)
        }
    }

    @Test func nothingButAuthMayComeDuringAnExchange() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            for packet in ["c0 00", "30 04 00 01 61 78", "e0 00", "10 0d 00 04 4d 51 54 54 05 02 00 00 00 00 00"] {
                let client = try await broker.open()
                #expect(try await begin(client, "REVERSAL", "alice") == challenge)
                await client.send(hex: packet)
                #expect(try await client.receiveToEnd() == [], "\(packet)")
            }
        }
    }

    @Test func anotherMethodEndsTheConnection() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let during = try await broker.open()
            #expect(try await begin(during, "REVERSAL", "alice") == challenge)
            await answer(during, "cba", method: "SCRAM-SHA-256")
            #expect(try await during.receiveToEnd() == [])
            let again = try await admitted(broker)
            await answer(again, "alice", .reAuthenticate, method: "SCRAM-SHA-256")
            #expect(try await again.receiveToEnd() == [.disconnect(.protocolError)])
        }
    }

    private func admitted(_ broker: BrokerHarness) async throws -> MQTTClient {
        let client = try await broker.open()
        #expect(try await begin(client, "REVERSAL", "alice") == challenge)
        await answer(client, "cba")
        guard case .connack(let connack) = try await client.receive(), connack.reasonCode == .success else {
            throw ClientFailure.unexpected("not let in")
        }
        return client
    }

    /// [MQTT-4.12.1-1]: other packets go on meanwhile.
    @Test func aClientMayAuthenticateAgain() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await admitted(broker)
            await answer(client, "alice", .reAuthenticate)
            #expect(try await client.receive() == challenge)
            try await client.subscribe("alice/#")
            await answer(client, "cba")
            #expect(
                try await client.receive()
                    == .auth(
                        Auth(
                            reasonCode: .success,
                            authenticationMethod: "REVERSAL",
                            authenticationData: Array("welcome".utf8)
                        )
                    )
            )
            try await client.ping()
        }
    }

    /// [MQTT-4.12.1-2], and nobody becomes somebody else.
    @Test(arguments: [("alice", "abc"), ("bob", "cba")])
    func failingAgainEndsTheConnection(user: String, response: String) async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await admitted(broker)
            await answer(client, user, .reAuthenticate)
            #expect(try await client.receive() == challenge)
            await answer(client, response)
            #expect(try await client.receiveToEnd() == [.disconnect(.notAuthorized)])
        }
    }

    @Test func whoeverAnswersWrongIsKeptOut() async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await broker.open()
            #expect(try await begin(client, "REVERSAL", "alice") == challenge)
            await answer(client, "abc")
            #expect(try await refusal(client) == .notAuthorized)
            let unknown = try await broker.open()
            guard case .connack(let connack) = try await begin(unknown, "PLAIN", "") else {
                Issue.record("no CONNACK")
                return
            }
            #expect(connack.reasonCode == .badAuthenticationMethod)
        }
    }

    private func refusal(_ client: MQTTClient) async throws -> ReasonCode? {
        let packets = try await client.receiveToEnd()
        guard packets.count == 1, case .connack(let connack) = packets[0] else { return nil }
        return connack.reasonCode
    }

    // MARK: SCRAM

    /// The client's side of SCRAM-SHA-256, from what the broker's challenge says.
    private func finalMessage(_ challenge: String, password: String) throws -> String {
        try ScramClient(user: "alice", nonce: "clientnonce").final(challenge, password: password)
    }

    @Test(arguments: [("secret", true), ("wrong", false)])
    func scramLetsInWhoKnowsThePassword(password: String, isRight: Bool) async throws {
        try await BrokerHarness.run(try setup()) { broker in
            let client = try await broker.open()
            let first = try await begin(client, "SCRAM-SHA-256", "n,,n=alice,r=clientnonce")
            guard case .auth(let auth) = first, let data = auth.authenticationData else {
                Issue.record("no challenge")
                return
            }
            #expect(auth.reasonCode == .continueAuthentication && auth.authenticationMethod == "SCRAM-SHA-256")
            let final = try finalMessage(String(decoding: data, as: UTF8.self), password: password)
            await answer(client, final, method: "SCRAM-SHA-256")
            guard case .connack(let connack) = try await client.receive() else {
                Issue.record("no CONNACK")
                return
            }
            #expect(connack.reasonCode == (isRight ? .success : .notAuthorized))
            #expect((connack.authenticationData?.starts(with: "v=".utf8) ?? false) == isRight)
        }
    }
}
