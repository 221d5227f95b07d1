import MQTTProtocol
import MQTTWire
import Testing

@Suite("CONNECT is admitted or refused before anybody asks who it is")
struct ConnectionAdmissionTests {
    /// What the machine makes of a CONNECT, as the reason code of its refusal; nil if it goes on.
    private func refusal(_ connect: Connect, _ limits: ProtocolLimits = ProtocolLimits()) -> ReasonCode? {
        var machine = ConnectionMachine(limits: limits, now: 0)
        switch machine.connectReceived(connect, assignedClientID: { "1" }) {
        case .authenticate: return nil
        case .refuse(let connack): return connack.reasonCode
        case .close:
            Issue.record("a first CONNECT gets an answer")
            return nil
        }
    }

    @Test(
        "A client without an identifier gets one if it may [MQTT-3.1.3-6], [MQTT-3.1.3-8]",
        arguments: [
            // version, clean, allow_zero_length_clientid, accepted
            (ProtocolVersion.v50, true, true, true), (.v50, false, true, true), (.v50, true, false, false),
            (.v311, true, true, true), (.v311, false, true, false), (.v311, true, false, false),
            (.v31, true, true, false), (.v31, false, true, false),
        ]
    )
    func emptyClientID(version: ProtocolVersion, isClean: Bool, isAllowed: Bool, isAccepted: Bool) {
        var limits = ProtocolLimits()
        limits.isEmptyClientIDAllowed = isAllowed
        let connect = Connect(version: version, clientIdentifier: "", isCleanStart: isClean)
        #expect(refusal(connect, limits) == (isAccepted ? nil : .clientIdentifierNotValid))
    }

    @Test("A will must keep to what the server offers [MQTT-3.2.2-12], [MQTT-3.2.2-13]")
    func will() {
        var limits = ProtocolLimits()
        limits.qosMax = 1
        limits.isRetainAvailable = false
        func connect(_ qos: QoS, isRetained: Bool) -> Connect {
            let will = Will(topic: "t", payload: [], qos: qos, isRetained: isRetained)
            return Connect(version: .v50, clientIdentifier: "c", will: will)
        }
        #expect(refusal(connect(.atLeastOnce, isRetained: false), limits) == nil)
        #expect(refusal(connect(.exactlyOnce, isRetained: false), limits) == .qosNotSupported)
        #expect(refusal(connect(.atMostOnce, isRetained: true), limits) == .retainNotSupported)
    }

    @Test("An authentication method that nobody configured is refused, not ignored (§4.12)")
    func authenticationMethod() {
        var connect = Connect(version: .v50, clientIdentifier: "c")
        connect.authenticationMethod = "SCRAM-SHA-256"
        #expect(refusal(connect) == .badAuthenticationMethod)
    }

    @Test("An unknown protocol version is told so [MQTT-3.1.2-2]")
    func unsupportedVersion() {
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        guard case .refuse(let connack) = machine.unsupportedVersionReceived() else {
            Issue.record("must be answered")
            return
        }
        #expect(connack.reasonCode == .unsupportedProtocolVersion)
        #expect(machine.packetReceived() == .ignore)
    }

    @Test("The session expiry interval is lowered to the server's, and the client is told (§3.2.2.3.2)")
    func sessionExpiry() {
        var limits = ProtocolLimits()
        limits.sessionExpirySecondsMax = 60
        for (asked, granted, told) in [(UInt32(10), UInt32(10), UInt32?.none), (60, 60, nil), (.max, 60, 60)] {
            var machine = ConnectionMachine(limits: limits, now: 0)
            let connect = Connect(version: .v50, clientIdentifier: "c", sessionExpirySeconds: asked)
            guard case .authenticate(let accepted) = machine.connectReceived(connect, assignedClientID: { "" }) else {
                Issue.record("must be accepted")
                return
            }
            #expect(machine.accepted(accepted, isSessionPresent: true, now: 0).sessionExpirySeconds == told)
            #expect(machine.sessionExpirySeconds == granted)
        }
    }

    @Test("A client of 3.1.1 is told nothing but the session's presence [MQTT-3.2.2-2]", arguments: [false, true])
    func olderConnack(isSessionPresent: Bool) {
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        let connect = Connect(version: .v311, clientIdentifier: "c", isCleanStart: false)
        guard case .authenticate(let accepted) = machine.connectReceived(connect, assignedClientID: { "" }) else {
            Issue.record("must be accepted")
            return
        }
        let connack = machine.accepted(accepted, isSessionPresent: isSessionPresent, now: 0)
        #expect(connack == Connack(reasonCode: .success, isSessionPresent: isSessionPresent))
        #expect(machine.sessionExpirySeconds == .max)
    }

    @Test("AUTH without an enhanced authentication under way is a protocol error (§4.12)")
    func auth() {
        let auth = Auth(reasonCode: .continueAuthentication, authenticationMethod: "M")
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        _ = machine.connectReceived(Connect(version: .v50, clientIdentifier: "c"), assignedClientID: { "" })
        #expect(machine.authReceived(auth) == .fail(.protocolError))
        #expect(machine.authReceived(auth) == .ignore)
    }

    @Test("An enhanced authentication goes to and fro, and again when the client wants it (§4.12, §4.12.1)")
    func exchange() {
        var connect = Connect(version: .v50, clientIdentifier: "c")
        connect.authenticationMethod = "M"
        let next = Auth(reasonCode: .continueAuthentication, authenticationMethod: "M")
        let again = Auth(reasonCode: .reAuthenticate, authenticationMethod: "M")
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        guard
            case .authenticate(let accepted) = machine.connectReceived(
                connect,
                offersMethod: { $0 == "M" },
                assignedClientID: { "" }
            )
        else {
            Issue.record("the method is offered")
            return
        }
        let challenge = machine.challenged([1])
        #expect(challenge.reasonCode == .continueAuthentication)
        #expect(challenge.authenticationMethod == "M" && challenge.authenticationData == [1])
        let states = (machine.isChallenged, machine.isAuthenticating)
        #expect(states == (true, false))
        #expect(machine.authReceived(next) == .proceed)
        #expect(machine.accepted(accepted, isSessionPresent: false, now: 0).authenticationMethod == "M")
        #expect(machine.authReceived(again) == .begin)
        #expect(machine.authReceived(next) == .proceed)
        #expect(machine.packetReceived() == .proceed, "other packets go on")
        #expect(machine.authenticatedAgain([2]).reasonCode == .success)
        #expect(machine.authReceived(next) == .fail(.protocolError), "nothing is under way")
    }

    @Test("Between AUTHs nothing else may come, and no other method [MQTT-3.1.2-30], [MQTT-4.12.0-5]")
    func interruptedExchange() {
        var connect = Connect(version: .v50, clientIdentifier: "c")
        connect.authenticationMethod = "M"
        for other in [true, false] {
            var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
            _ = machine.connectReceived(connect, offersMethod: { _ in true }, assignedClientID: { "" })
            _ = machine.challenged([])
            if other {
                let auth = Auth(reasonCode: .continueAuthentication, authenticationMethod: "N")
                #expect(machine.authReceived(auth) == .fail(.protocolError))
            } else {
                #expect(machine.packetReceived() == .fail(.protocolError))
            }
            let isOver = machine.isOver
            #expect(isOver)
        }
    }
}
