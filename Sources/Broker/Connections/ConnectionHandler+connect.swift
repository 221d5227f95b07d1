import Logging
import MQTTProtocol
import MQTTWire
import NIOCore

extension ConnectionHandler {
    /// CONNECT: the machine looks at its form, the security domain at its password, the router for a session that the client left behind.
    func connectReceived(_ connect: Connect) {
        if machine.isAwaitingConnect {
            outboundPacketBytesMax = connect.maximumPacketBytes.map { Int($0) } ?? .max
            attempt = (connect.clientIdentifier, connect.userName)
        }
        let action = machine.connectReceived(connect, offersMethod: { method(named: $0) != nil }) {
            // As long as a random UUID without its dashes, and as unlikely to be guessed.
            String(UInt64.random(in: .min ... .max), radix: 16) + String(UInt64.random(in: .min ... .max), radix: 16)
        }
        switch action {
        case .authenticate(let connect):
            if takesConnack(connect) { authenticate(connect) } else { refuse(.packetTooLarge, .packetTooLarge) }
        case .refuse, .close: refuse(action)
        }
    }

    func refuse(_ action: ConnectionMachine.ConnectAction) {
        if case .refuse(let connack) = action {
            sendConnack(connack)
            auditRefusal(connack.reasonCode)
            closeLingering(.protocolError)
        } else {
            fail(.protocolError, .protocolError)
        }
    }

    /// Whether the answer to this CONNECT is within the client's maximum packet size.
    private func takesConnack(_ connect: Connect) -> Bool {
        guard outboundPacketBytesMax != .max else { return true }
        var packet = ByteBuffer()
        _ = machine.connack(for: connect, isSessionPresent: false).write(to: &packet, version: machine.version)
        return packet.readableBytes <= outboundPacketBytesMax
    }

    private func sendConnack(_ connack: Connack) {
        let version = machine.version
        guard version == .v50, connack.reasonCode != .success else {
            return send { _ = connack.write(to: &$0, version: version) }
        }
        var connack = connack
        sendExplained(connack.reasonCode.explanation) { explanation, buffer in
            connack.reasonString = explanation
            _ = connack.write(to: &buffer, version: .v50)
        }
    }

    private func authenticate(_ connect: Connect) {
        guard connect.clientIdentifier.bytes.starts(with: listener.security.current.clientIDPrefix) else {
            return refuse(.notAuthorized)
        }
        if let source = listener.tls?.userNameSource { return authenticateByCertificate(connect, source) }
        if let method = connect.authenticationMethod.flatMap({ method(named: $0) }) {
            return beginExchange(connect, method)
        }
        let policy = listener.security.current
        if let tokens = policy.tokens, let token = token(for: connect, tokens) {
            return authenticate(connect, token, tokens)
        }
        guard let passwords = policy.passwords, let user = connect.userName else {
            // Without a password file names are taken at their word, where anonymous clients are allowed at all; but not
            // where tokens say who is who.
            guard policy.isAnonymousAllowed, policy.tokens == nil || connect.userName == nil else {
                return refuse(.notAuthorized)
            }
            proof = connect.userName == nil ? .anonymous : .claimed
            return claimSession(connect)
        }
        let password = connect.password.map { $0.withBytes { Array($0) } }
        guard
            let verdict = loop.environment.authenticator.verify(
                user: user.bytes,
                password: password,
                in: passwords,
                on: loop.eventLoop
            )
        else { return refuse(.serverBusy) }
        withholdReads(.connecting)
        let bound = NIOLoopBound((self, connect), eventLoop: loop.eventLoop)
        verdict.whenComplete { result in
            let (handler, connect) = bound.value
            handler.passwordChecked(connect, isRight: (try? result.get()) ?? false)
        }
    }

    /// The certificate has proved who the client is; what CONNECT says about it is not looked at, as in mosquitto.
    private func authenticateByCertificate(_ connect: Connect, _ source: TransportSecurity.UserNameSource) {
        presentedToken = nil
        guard let context,
            let name = TransportSecurity.userName(of: context.channel, from: source).flatMap({
                UTF8String(validating: $0)
            })
        else {
            return refuse(.badUserNameOrPassword)
        }
        var connect = connect
        connect.userName = name
        proof = .certificate
        claimSession(connect)
    }

    private func passwordChecked(_ connect: Connect, isRight: Bool) {
        guard machine.isAuthenticating else { return }
        if isRight {
            proof = .password
            claimSession(connect)
        } else {
            refuse(machine.version == .v50 ? .badUserNameOrPassword : .notAuthorized)
        }
        loop.finishTurn()
    }

    func refuse(_ reasonCode: ReasonCode, _ reason: ConnectionEnd = .notAuthorized) {
        sendConnack(machine.refused(reasonCode))
        auditRefusal(reasonCode)
        let isLogin = reasonCode == .notAuthorized || reasonCode == .badUserNameOrPassword
        if isLogin, loop.environment.addresses.loginFailed(peer.address, now: loop.now) {
            loop.logger.notice("\(peer) is banned: too many refused logins.")
            auditBan(seconds: loop.environment.addresses.banSeconds)
        }
        closeLingering(reason)
    }

    /// Asks for the client's session: a new one, one that lives here, or one that must come from another loop first.
    func claimSession(_ connect: Connect) {
        attempt = (connect.clientIdentifier, connect.userName)
        guard isUserAdmitted(connect) else { return }
        pendingConnect = connect
        withholdReads(.connecting)
        loop.claimSession(for: self, connect)
    }

    /// The session that was asked for has ended in the meantime.
    func claimAgain() {
        guard isAwaitingSession, let pendingConnect else { return }
        loop.claimSession(for: self, pendingConnect)
    }

    /// There is no room for another client.
    func sessionRefused() {
        guard isAwaitingSession else { return }
        pendingConnect = nil
        refuse(.quotaExceeded, .quotaExceeded)
    }

    /// Whether the connection still wants the session that it asked for.
    var isAwaitingSession: Bool { pendingConnect != nil && machine.isAuthenticating }

    /// The session is here: the client is in.
    func sessionClaimed(_ session: LoopSession, isPresent: Bool) {
        guard let connect = pendingConnect, machine.isAuthenticating else { return }
        pendingConnect = nil
        self.session = session
        loop.counters.connections += 1
        publisher = Publisher(
            origin: PublicationOrigin(
                clientID: connect.clientIdentifier.bytes,
                userName: connect.userName?.bytes,
                listenerPort: UInt16(clamping: listener.port)
            ),
            session: session.handle,
            accounts: accounts
        )
        session.attach(to: self, connect, security: listener.security)
        if let reasonCode = loop.keepOrForget(session, self) {
            // A client that is not let in leaves no will.
            session.will = nil
            refuse(reasonCode, .storeRefused)
            // The client never had it.
            if !isPresent { loop.discard(session.handle) }
            return
        }
        inboundPacketBytesMax = listener.limits.packetBytesMax
        let aliasMax = min(connect.topicAliasMaximum, listener.limits.topicAliasBrokerMax)
        if aliasMax > 0 { outboundAliases = OutboundTopicAliases(aliasMax: aliasMax) }
        rewritesTopics = aliasMax > 0 || !listener.limits.mountPoint.isEmpty
        sendConnack(machine.accepted(connect, isSessionPresent: isPresent, now: loop.now))
        if connackLSN > 0, !isHeldBack { hold(until: connackLSN) }
        watchKeepAlive()
        logConnected(connect)
        auditLogin(isSessionPresent: isPresent)
        // What was in flight when the client left is sent again before anything new [MQTT-4.4.0-1].
        loop.continueDelivery(to: session)
        resumeReads(.connecting)
        watchTokenExpiry()
    }

    /// mosquitto's line, as fail2ban rules know it.
    private func logConnected(_ connect: Connect) {
        guard loop.environment.areConnectionsLogged else { return }
        let user = connect.userName.map { ", u'\($0)'" } ?? ""
        let flags =
            "p\(connect.version.logNumber), c\(connect.isCleanStart ? 1 : 0), k\(machine.keepAliveSeconds)\(user)"
        loop.logger.notice("New client connected from \(peer) as \(connect.clientIdentifier) (\(flags)).")
    }
}

extension ProtocolVersion {
    /// The number that mosquitto's log has for a version.
    fileprivate var logNumber: Int {
        switch self {
        case .v31: 1
        case .v311: 2
        case .v50: 5
        }
    }
}
