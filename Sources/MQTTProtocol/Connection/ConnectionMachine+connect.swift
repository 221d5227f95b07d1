public import MQTTWire

extension ConnectionMachine {
    /// What CONNECT means.
    public enum ConnectAction: Sendable {
        /// Everything is in order so far: decide who the client is, then `accepted` or `refused`.
        case authenticate(Connect)
        /// Answer with this CONNACK and close [MQTT-3.2.2-7].
        case refuse(Connack)
        /// Close without an answer: what came first was no CONNECT that could be answered.
        case close
    }

    /// The first packet of a client arrived.
    ///
    /// - Parameters:
    ///   - offersMethod: whether a method of enhanced authentication is offered.
    ///   - assignedClientID: makes the identifier for a client that leaves it to the broker, without its prefix.
    public mutating func connectReceived(
        _ connect: Connect,
        offersMethod: (UTF8String) -> Bool = { _ in false },
        assignedClientID: () -> String
    ) -> ConnectAction {
        guard state == .awaitingConnect else {
            // [MQTT-3.1.0-2]: a second CONNECT is a protocol error.
            state = .closed
            return .close
        }
        version = connect.version
        wantsProblemInformation = connect.requestsProblemInformation
        if let refusal = refusal(of: connect, offersMethod: offersMethod) {
            state = .closed
            return .refuse(refusal)
        }
        var connect = connect
        if connect.clientIdentifier.count == 0 {
            connect.clientIdentifier = UTF8String(limits.assignedClientIDPrefix + assignedClientID())
            isClientIDAssigned = true
        }
        authenticationMethod = connect.authenticationMethod
        setKeepAlive(connect)
        sessionExpirySeconds = min(connect.sessionExpirySeconds, limits.sessionExpirySecondsMax)
        state = .authenticating
        return .authenticate(connect)
    }

    /// A first packet that is a CONNECT of a protocol or level that is not spoken here [MQTT-3.1.2-2].
    public mutating func unsupportedVersionReceived() -> ConnectAction {
        guard state == .awaitingConnect else {
            state = .closed
            return .close
        }
        state = .closed
        return .refuse(Connack(reasonCode: .unsupportedProtocolVersion))
    }

    /// The client is who it says; the CONNACK to send, with what the server does not do by the standard's defaults.
    ///
    /// - Parameters:
    ///   - connect: as `connectReceived` returned it; after an enhanced authentication with the user's name, and with the
    ///     server's last data for the client's.
    ///   - isSessionPresent: whether an older session goes on [MQTT-3.2.2-2].
    public mutating func accepted(_ connect: Connect, isSessionPresent: Bool, now: UInt64) -> Connack {
        precondition(state == .authenticating, "accepted without a CONNECT under way")
        state = .connected
        lastReceived = now
        if version.hasProperties { aliases = TopicAliasTable(aliasMax: limits.topicAliasMax) }
        return connack(for: connect, isSessionPresent: isSessionPresent)
    }

    /// What `accepted` will say: a client that takes no packet as large as that cannot be let in [MQTT-3.1.2-24].
    public func connack(for connect: Connect, isSessionPresent: Bool) -> Connack {
        var connack = Connack(reasonCode: .success, isSessionPresent: isSessionPresent)
        guard version.hasProperties else { return connack }
        connack.topicAliasMaximum = limits.topicAliasMax
        connack.maximumPacketBytes = UInt32(clamping: limits.packetBytesMax)
        connack.receiveMaximum = receiveMaximum
        if limits.qosMax < 2 { connack.maximumQoS = QoS(rawValue: limits.qosMax) }
        if !limits.isRetainAvailable { connack.isRetainAvailable = false }
        if sessionExpirySeconds != connect.sessionExpirySeconds { connack.sessionExpirySeconds = sessionExpirySeconds }
        if keepAliveSeconds != connect.keepAliveSeconds { connack.serverKeepAliveSeconds = keepAliveSeconds }
        if connect.requestsResponseInformation { connack.responseInformation = responseInformation(for: connect) }
        // [MQTT-4.12.0-5], [MQTT-4.12.0-6]
        connack.authenticationMethod = connect.authenticationMethod
        if connect.authenticationMethod != nil { connack.authenticationData = connect.authenticationData }
        if isClientIDAssigned { connack.assignedClientIdentifier = connect.clientIdentifier }
        return connack
    }

    /// The client is not let in.
    public mutating func refused(_ reasonCode: ReasonCode) -> Connack {
        precondition(state == .authenticating, "refused without a CONNECT under way")
        state = .closed
        return Connack(reasonCode: reasonCode)
    }

    /// What the client's response topics should begin with (MQTT 5.0 §3.2.2.3.15).
    private func responseInformation(for connect: Connect) -> UTF8String? {
        guard !limits.responseInformation.isEmpty else { return nil }
        var text: [UInt8] = []
        var rest = limits.responseInformation.utf8[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.first) {
            case (UInt8(ascii: "%"), UInt8(ascii: "c")): text += connect.clientIdentifier.bytes
            case (UInt8(ascii: "%"), UInt8(ascii: "u")): text += connect.userName?.bytes ?? []
            default:
                text.append(byte)
                continue
            }
            rest.removeFirst()
        }
        // Names may be long; what is no string any more is left out.
        return UTF8String(validating: text)
    }

    /// Why this CONNECT is not even looked at further.
    private func refusal(of connect: Connect, offersMethod: (UTF8String) -> Bool) -> Connack? {
        guard limits.acceptedVersions.contains(connect.version) else {
            return Connack(reasonCode: .unsupportedProtocolVersion)
        }
        if connect.clientIdentifier.count == 0 {
            // [MQTT-3.1.3-8]: without a name only a clean session makes sense; 5.0 has no such rule.
            let isAllowed = limits.isEmptyClientIDAllowed && (connect.version == .v50 || connect.isCleanStart)
            guard isAllowed, connect.version != .v31 else { return Connack(reasonCode: .clientIdentifierNotValid) }
        }
        if let will = connect.will {
            if will.qos.rawValue > limits.qosMax { return Connack(reasonCode: .qosNotSupported) }
            if will.isRetained, !limits.isRetainAvailable { return Connack(reasonCode: .retainNotSupported) }
        }
        // [MQTT-4.12.0-1]
        if let method = connect.authenticationMethod, !offersMethod(method) {
            return Connack(reasonCode: .badAuthenticationMethod)
        }
        if limits.keepAliveSecondsMax != 0, connect.version != .v50,
            connect.keepAliveSeconds == 0 || connect.keepAliveSeconds > limits.keepAliveSecondsMax
        {
            // Older clients cannot be told another keep alive.
            return Connack(reasonCode: .clientIdentifierNotValid)
        }
        return nil
    }

    private mutating func setKeepAlive(_ connect: Connect) {
        keepAliveSeconds = connect.keepAliveSeconds
        let most = limits.keepAliveSecondsMax
        if most != 0, keepAliveSeconds == 0 || keepAliveSeconds > most { keepAliveSeconds = most }
        // [MQTT-3.1.2-22]: one and a half times the keep alive.
        silenceMillisecondsMax = UInt64(keepAliveSeconds) * 1500
    }
}
