import MQTTProtocol
import MQTTWire

/// What the audit trail hears of a connection; nothing is made where there is none.
extension ConnectionHandler {
    private var audit: (@Sendable (AuditEvent) -> Void)? { loop.environment.audit }

    /// An event with who and where the client is.
    private func event(_ name: AuditEvent.Name) -> AuditEvent {
        AuditEvent(name)
            .with("client", (attempt?.clientIdentifier).map { "\($0)" })
            .with("user", attempt?.userName.map { "\($0)" })
            .with("address", "\(peer)")
            .with("port", listener.port)
    }

    func auditLogin(isSessionPresent: Bool) {
        audit?(event(.login).with("proof", proof.rawValue).with("session", isSessionPresent ? "resumed" : "new"))
    }

    func auditRefusal(_ reasonCode: ReasonCode) {
        audit?(event(.loginRefused).with("code", "\(reasonCode)"))
    }

    func auditBan(seconds: Int) {
        audit?(AuditEvent(.ban).with("address", peer.address.map { "\($0)" }).with("seconds", seconds))
    }

    /// Filters of one SUBSCRIBE were denied.
    ///
    /// - Parameter decision: what denied the first of them.
    func auditDenied(filterCount: Int, _ decision: AccessDecision) {
        audit?(event(.subscribeDenied).with("count", filterCount).with("rule", decision.reason.auditText))
    }

    func auditDeniedPublish(_ topic: UnsafeRawBufferPointer, _ session: LoopSession) {
        guard let audit, let count = denials.add(now: loop.now) else { return }
        let decision = session.access.decision(.write, topic: topic)
        audit(event(.publishDenied).with("count", count).with("rule", decision.reason.auditText))
    }

    /// The connection of a client that was let in has ended.
    func auditLogout(_ reason: ConnectionEnd) {
        guard let audit else { return }
        if let count = denials.take() { audit(event(.publishDenied).with("count", count)) }
        audit(event(.logout).with("reason", reason.words))
    }

    /// The connection was turned away before it said anything.
    func auditConnectionRefused(_ reason: ConnectionEnd) {
        audit?(.connectionRefused(peer, listener, reason))
    }
}

extension AuditEvent {
    /// A connection is turned away before it said anything.
    static func connectionRefused(_ peer: Peer, _ listener: Listener, _ reason: ConnectionEnd) -> AuditEvent {
        AuditEvent(.connectionRefused).with("address", "\(peer)").with("port", listener.port)
            .with("reason", reason.words)
    }
}

extension BrokerLoop {
    /// A will was not published, because its client may not write to its topic.
    func auditDeniedWill(_ due: PendingWill, _ topic: UnsafeRawBufferPointer) {
        guard let audit = environment.audit else { return }
        let origin = due.publisher.origin
        audit(
            AuditEvent(.publishDenied)
                .with("client", String(decoding: origin.clientID, as: UTF8.self))
                .with("user", origin.userName.map { String(decoding: $0, as: UTF8.self) })
                .with("count", 1)
                .with("rule", due.access.decision(.write, topic: topic).reason.auditText)
                .with("will", "yes")
        )
    }
}

extension AccessDecision.Reason {
    /// Which line of the access control list decided, and never what it says.
    fileprivate var auditText: String {
        switch self {
        case .rule(let line): "line \(line)"
        case .noRule: "none"
        case .unrestricted: "unrestricted"
        case .serverTopic: "server topic"
        case .wildcardInName: "wildcard in name"
        }
    }
}
