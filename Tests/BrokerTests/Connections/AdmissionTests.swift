import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// Who is let in at all, and what CONNACK tells (mosquitto.conf(5), MQTT 5.0 3.2).
struct AdmissionTests {
    /// What CONNACK says to a client.
    private func code(_ broker: BrokerHarness, _ name: String, _ version: ProtocolVersion = .v50) async throws
        -> ReasonCode
    {
        try await broker.open(version).connect(name).reasonCode
    }

    @Test func onlyTheAcceptedVersionsAreSpoken() async throws {
        var setup = BrokerSetup()
        setup.limits.acceptedVersions = [.v311]
        try await BrokerHarness.run(setup) { broker in
            var answers: [ReasonCode] = []
            for version in [ProtocolVersion.v31, .v311, .v50] { answers.append(try await code(broker, "a", version)) }
            #expect(answers == [.unsupportedProtocolVersion, .success, .unsupportedProtocolVersion])
        }
    }

    /// A client that has a session comes back whatever the limit says.
    @Test func globalMaxClientsCountsSessions() async throws {
        var setup = BrokerSetup()
        setup.sessionsMax = 2
        try await BrokerHarness.run(setup) { broker in
            let kept = try await broker.connect("kept") { $0.sessionExpirySeconds = 1_000 }
            try await kept.disconnect()
            let other = try await broker.connect("other")
            #expect(try await code(broker, "third") == .quotaExceeded)
            #expect(try await code(broker, "fourth", .v311) == .serverUnavailable)
            let again = try await broker.open().connect("kept", isCleanStart: false)
            #expect(again.reasonCode == .success && again.isSessionPresent)
            try await other.disconnect()
            // The broker may still be letting go of the other's session.
            var answer = ReasonCode.quotaExceeded
            for _ in 0..<1_000 where answer == .quotaExceeded { answer = try await code(broker, "third") }
            #expect(answer == .success)
        }
    }

    @Test func globalMaxConnectionsCountsAllListeners() async throws {
        var setup = BrokerSetup()
        setup.connectionsMax = 2
        try await BrokerHarness.run(setup) { broker in
            _ = try await broker.connect("a")
            let webSocket = try await broker.openWebSocket()
            let third = try await broker.open()
            await third.send(hex: "10 0e 00 04 4d 51 54 54 05 02 00 00 00 00 01 61")
            #expect(try await third.receiveHexToEnd() == "")
            withExtendedLifetime(webSocket) {}
        }
    }

    @Test func responseInformationComesWhereItIsAskedFor() async throws {
        var setup = BrokerSetup()
        setup.limits.responseInformation = "%u/answers/%c/100%"
        try await BrokerHarness.run(setup) { broker in
            let asking = try await broker.open().connect("me") {
                $0.requestsResponseInformation = true
                $0.userName = "alice"
            }
            #expect(asking.responseInformation == "alice/answers/me/100%")
            let other = try await broker.open().connect("other")
            #expect(other.responseInformation == nil)
        }
        try await BrokerHarness.run { broker in
            let asking = try await broker.open().connect("me") { $0.requestsResponseInformation = true }
            #expect(asking.responseInformation == nil)
        }
    }
}
