import MQTTProtocol
import MQTTWire
import Testing

@Suite("Connection machine")
struct ConnectionMachineTests {
    @Test("[MQTT-3.1.0-1] a packet before CONNECT ends the connection, and nothing after it is acted on")
    func packetBeforeConnect() {
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        #expect(machine.packetReceived() == .fail(.protocolError))
        #expect(machine.packetReceived() == .ignore)
    }

    @Test("[MQTT-3.1.0-2] a second CONNECT ends the connection")
    func secondConnect() throws {
        var machine = try connected(.v311)
        guard
            case .close = machine.connectReceived(
                Connect(version: .v311, clientIdentifier: "c"),
                assignedClientID: { "" }
            )
        else { return #expect(Bool(false), "a second CONNECT must close") }
        #expect(machine.packetReceived() == .ignore)
    }

    @Test(
        "[MQTT-3.1.3-8] 3.1.1 without a client id needs a clean session; 5.0 does not",
        arguments: [
            (ProtocolVersion.v311, true, true), (.v311, false, false), (.v50, false, true),
        ]
    )
    func emptyClientID(version: ProtocolVersion, isCleanStart: Bool, isAccepted: Bool) {
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        let connect = Connect(version: version, clientIdentifier: "", isCleanStart: isCleanStart)
        switch machine.connectReceived(connect, assignedClientID: { "1234" }) {
        case .authenticate(let connect):
            #expect(isAccepted)
            #expect(connect.clientIdentifier == "auto-1234")
        case .refuse(let connack):
            #expect(!isAccepted)
            #expect(connack.reasonCode == .clientIdentifierNotValid)
        case .close:
            #expect(Bool(false), "must be answered")
        }
    }

    @Test("an assigned client id is told to a 5.0 client, with the limits in mosquitto's order")
    func assignedClientID() throws {
        var machine = ConnectionMachine(limits: ProtocolLimits(), now: 0)
        guard
            case .authenticate(let connect) = machine.connectReceived(
                Connect(version: .v50, clientIdentifier: ""),
                assignedClientID: { "x" }
            )
        else { return #expect(Bool(false), "must be accepted") }
        let connack = machine.accepted(connect, isSessionPresent: false, now: 0)
        #expect(connack.assignedClientIdentifier == "auto-x")
        #expect(connack.topicAliasMaximum == 10)
        #expect(connack.maximumPacketBytes == 2_000_000)
        #expect(connack.receiveMaximum == 20)
        #expect(connack.maximumQoS == nil)
    }

    @Test("[MQTT-3.1.2-22] silence of one and a half times the keep alive disconnects; bytes put it off")
    func keepAlive() throws {
        var machine = try connected(.v50, keepAliveSeconds: 10)
        #expect(machine.deadline == 15_000)
        #expect(machine.deadlineReached(now: 14_999) == .wait(until: 15_000))
        machine.bytesReceived(now: 14_000)
        #expect(machine.deadlineReached(now: 15_000) == .wait(until: 29_000))
        #expect(machine.deadlineReached(now: 29_000) == .disconnect(.keepAliveTimeout))
        #expect(machine.deadlineReached(now: 30_000) == .ignore)
    }

    @Test("max_keepalive is told to 5.0 and refuses older clients that ask for more")
    func serverKeepAlive() {
        var limits = ProtocolLimits()
        limits.keepAliveSecondsMax = 30
        var machine = ConnectionMachine(limits: limits, now: 0)
        let asked = Connect(version: .v50, clientIdentifier: "c", keepAliveSeconds: 0)
        guard case .authenticate(let connect) = machine.connectReceived(asked, assignedClientID: { "" }) else {
            return #expect(Bool(false), "must be accepted")
        }
        #expect(machine.accepted(connect, isSessionPresent: false, now: 0).serverKeepAliveSeconds == 30)
        #expect(machine.deadline == 45_000)

        var older = ConnectionMachine(limits: limits, now: 0)
        let connectOfOlder = Connect(version: .v311, clientIdentifier: "c", keepAliveSeconds: 31)
        guard case .refuse(let connack) = older.connectReceived(connectOfOlder, assignedClientID: { "" }) else {
            return #expect(Bool(false), "must be refused")
        }
        #expect(connack.reasonCode == .clientIdentifierNotValid)
    }

    @Test(
        "[MQTT-3.3.4-7] one publication beyond the receive maximum ends a 5.0 connection, and only a 5.0 one",
        arguments: [
            (ProtocolVersion.v50, true), (.v311, false),
        ]
    )
    func receiveMaximum(version: ProtocolVersion, isEnded: Bool) throws {
        var limits = ProtocolLimits()
        limits.inflightCountMax = 2
        var machine = try connected(version, limits: limits)
        let outcomes = try (1...3).map { identifier in
            let packet = version == .v50 ? "3207000161000\(identifier)0078" : "3206000161000\(identifier)78"
            return try publish(packet, on: &machine, version: version)
        }
        #expect(outcomes[0...1] == ["publish", "publish"])
        #expect(outcomes[2] == (isEnded ? "fail 147" : "publish"))
    }

    @Test("an acknowledged publication makes room for the next")
    func acknowledgementMakesRoom() throws {
        var limits = ProtocolLimits()
        limits.inflightCountMax = 1
        var machine = try connected(.v50, limits: limits)
        #expect(try publish("320700016100010078", on: &machine, version: .v50) == "publish")
        machine.publishesAcknowledged(1)
        #expect(try publish("320700016100020078", on: &machine, version: .v50) == "publish")
        #expect(try publish("320700016100030078", on: &machine, version: .v50) == "fail 147")
    }

    @Test("what a resumed session finishes of its last connection raises no quota of this one (§4.9)")
    func acknowledgementsOfEarlierConnection() throws {
        var limits = ProtocolLimits()
        limits.inflightCountMax = 1
        var machine = try connected(.v50, limits: limits)
        machine.publishesAcknowledged(1)
        #expect(try publish("320700016100010078", on: &machine, version: .v50) == "publish")
        #expect(try publish("320700016100020078", on: &machine, version: .v50) == "fail 147")
    }

    @Test("only an alias that gets another topic is replaced: what points at the topic need not be finished first")
    func replacedAliases() throws {
        var machine = try connected(.v50)
        #expect(try replacesAlias("300700016103230001", on: &machine) == false)
        #expect(try publish("300700016103230001", on: &machine, version: .v50) == "publish a")
        #expect(try replacesAlias("300700016103230001", on: &machine) == false)
        #expect(try replacesAlias("300600000323 0001", on: &machine) == false)
        #expect(try replacesAlias("300700016203230001", on: &machine) == true)
        #expect(try replacesAlias("30070001620323000b", on: &machine) == false)
    }

    @Test("topic aliases: set, used, replaced, unknown, out of range")
    func aliases() throws {
        var machine = try connected(.v50)
        // PUBLISH QoS 0, properties of three bytes: 0x23, alias.
        #expect(try publish("3007000161032300 01", on: &machine, version: .v50) == "publish a")
        #expect(try publish("3006000003230001", on: &machine, version: .v50) == "publish a")
        #expect(try publish("3007000162032300 01", on: &machine, version: .v50) == "publish b")
        #expect(try publish("3006000003230001", on: &machine, version: .v50) == "publish b")
        #expect(try publish("3006000003230002", on: &machine, version: .v50) == "fail 130")
        var other = try connected(.v50)
        #expect(try publish("300700016103230 00b", on: &other, version: .v50) == "fail 148")
    }

    @Test("[MQTT-3.14.4-3] DISCONNECT drops the will, unless it asks for it; an expiry cannot be given after the fact")
    func disconnect() throws {
        var machine = try connected(.v50)
        #expect(machine.disconnectReceived(Disconnect()) == .close)
        #expect(machine.disconnectReceived(Disconnect()) == .ignore)

        var withWill = try connected(.v50)
        #expect(withWill.disconnectReceived(Disconnect(reasonCode: .disconnectWithWillMessage)) == .closeWithWill)

        var late = try connected(.v50)
        var disconnect = Disconnect()
        disconnect.sessionExpirySeconds = 10
        #expect(late.disconnectReceived(disconnect) == .fail(.protocolError))
    }

    @Test("max_qos and retain_available refuse what was not announced")
    func refusals() throws {
        var limits = ProtocolLimits()
        limits.qosMax = 0
        limits.isRetainAvailable = false
        var qos = try connected(.v50, limits: limits)
        #expect(try publish("320700016100010078", on: &qos, version: .v50) == "fail 155")
        var retained = try connected(.v50, limits: limits)
        #expect(try publish("310500016100 78", on: &retained, version: .v50) == "fail 154")
    }

    private func connected(
        _ version: ProtocolVersion,
        limits: ProtocolLimits = ProtocolLimits(),
        keepAliveSeconds: UInt16 = 0
    ) throws -> ConnectionMachine {
        var machine = ConnectionMachine(limits: limits, now: 0)
        let connect = Connect(version: version, clientIdentifier: "c", keepAliveSeconds: keepAliveSeconds)
        guard case .authenticate(let accepted) = machine.connectReceived(connect, assignedClientID: { "" }) else {
            throw Refused()
        }
        _ = machine.accepted(accepted, isSessionPresent: false, now: 0)
        return machine
    }

    private struct Refused: Error {}

    private func replacesAlias(_ hexadecimal: String, on machine: inout ConnectionMachine) throws -> Bool {
        try withView(hexadecimal, version: .v50) { machine.replacesAlias($0) }
    }

    /// Feeds one PUBLISH, given in hexadecimal, and says what came of it.
    private func publish(
        _ hexadecimal: String,
        on machine: inout ConnectionMachine,
        version: ProtocolVersion
    ) throws -> String {
        try withView(hexadecimal, version: version) { view in
            switch machine.publishReceived(view) {
            case .publish(let topic):
                return view.qos == .atMostOnce ? "publish \(String(decoding: topic, as: UTF8.self))" : "publish"
            case .fail(let reason): return "fail \(reason.rawValue)"
            case .ignore: return "ignore"
            }
        }
    }

    /// Decodes one PUBLISH, given in hexadecimal.
    private func withView<Result>(
        _ hexadecimal: String,
        version: ProtocolVersion,
        _ body: (PublishView) throws -> Result
    ) throws -> Result {
        let digits = Array(hexadecimal.filter { $0 != " " })
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
        return try bytes.withUnsafeBytes { bytes in
            let frame = try #require(try Frame.next(in: bytes, packetBytesMax: 1_000))
            return try body(try PublishView(frame, version: version))
        }
    }
}
