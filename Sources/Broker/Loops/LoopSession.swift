import MQTTProtocol
import MQTTWire

/// A session as its event loop holds it: the protocol's state, and what the broker adds to it.
final class LoopSession {
    let session: Session
    var handle: SubscriberHandle { session.handle }
    /// The client's connection; `nil` while it is away.
    var connection: ConnectionHandler?
    /// Retained messages that are still to be sent, subscription by subscription.
    var scans: [SessionScan] = []
    /// Whether the next slice of a scan is on its way through the event loop.
    var isScanScheduled = false
    /// Published when the client goes without a DISCONNECT.
    var will: Will?
    /// The will of a client that has gone, until its delay interval is over or the client comes back [MQTT-3.1.3-9].
    var delayedWill: PendingWill?
    /// Whose subscriptions count these, and whose queues this one.
    var accounts = Accounts() {
        didSet { session.queueAllowances = accounts.queueAllowances }
    }
    /// Monotonic milliseconds at which the session of an absent client ends; `nil` for never.
    var endsAtMilliseconds: UInt64?

    /// What the session has beside its state where it outlives the broker; `nil` where it does not.
    var stored: StoredSession?
    /// The port of the listener that its client came through last.
    private(set) var listenerPort: UInt16 = 0

    /// The rules that its listener had when they were last looked at.
    private(set) var policy: SecurityDomain.Policy
    /// What this client may read and write by them.
    private(set) var access: IdentityAccess
    private var security: SecurityDomain
    private(set) var userName: [UInt8]?
    private var sourceAccess = SourceAccess()

    init(session: Session, security: SecurityDomain) {
        self.session = session
        self.security = security
        policy = security.current
        access = policy.rules.view(userName: nil, clientID: session.clientID)
    }

    /// A session that was written down, whose client has not come back yet.
    init(restored session: Session, as stored: StoredSession, userName: [UInt8]?, listener: Listener, port: UInt16) {
        self.session = session
        self.stored = stored
        self.userName = userName
        security = listener.security
        listenerPort = port
        policy = security.current
        access = policy.rules.view(userName: userName, clientID: session.clientID)
    }

    /// A connection takes the session.
    func attach(to connection: ConnectionHandler, _ connect: Connect, security: SecurityDomain) {
        self.connection = connection
        self.security = security
        connection.accounts.took(subscriptions: self.session.subscriptions.count, from: accounts)
        accounts = connection.accounts
        userName = connect.userName?.bytes
        listenerPort = UInt16(clamping: connection.listener.port)
        will = connect.will?.mounted(at: connection.listener.limits.mountPoint)
        delayedWill = nil
        endsAtMilliseconds = nil
        policyChanged()
        session.attach(
            version: connect.version,
            receiveMaximum: connect.receiveMaximum,
            packetBytesMax: connect.maximumPacketBytes,
            expirySeconds: connection.machine.sessionExpirySeconds
        )
    }

    /// Looks at the rules anew.
    func policyChanged() {
        policy = security.current
        let access = policy.rules.view(userName: userName, clientID: session.clientID)
        self.access = access
        sourceAccess = SourceAccess()
        delayedWill?.access = access
        // Messages were let in under the rights, and for the user, of their time.
        session.withdraw { publication in !publication.withTopic { access.allows(.read, topic: $0) } }
        for index in scans.indices { scans[index].readAhead.removeAll { !mayReceive($0) } }
    }

    /// A live message may be newer than what has been read of the store (R1).
    func supersedeReadAhead(by live: Publication) {
        for index in scans.indices where !scans[index].readAhead.isEmpty { scans[index].readAhead.supersede(by: live) }
    }

    /// Whether a retained message may be delivered to this client, by its own rights and by its publisher's.
    func mayReceive(_ message: Publication) -> Bool {
        guard message.withTopic({ access.allows(.read, topic: $0) }) else { return false }
        guard policy.isRetainSourceChecked, !policy.rules.isUnrestricted else { return true }
        return message.withOrigin { clientID, userName in
            message.withTopic { topic in
                isSourceAllowed(
                    clientID: clientID,
                    userName: userName ?? UnsafeRawBufferPointer(start: nil, count: 0),
                    topic: topic
                )
            }
        }
    }

    /// Whether the publisher of a retained message may still write to its topic (`check_retain_source`).
    ///
    /// As in mosquitto, a message that nobody is known to have published may be delivered: it was imported from a source
    /// that does not say, or is the broker's own. A client always has an identifier.
    private func isSourceAllowed(
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer,
        topic: UnsafeRawBufferPointer
    ) -> Bool {
        clientID.isEmpty
            || sourceAccess.allows(clientID: clientID, userName: userName, topic: topic, rules: policy.rules)
    }
}
