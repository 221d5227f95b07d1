public import MQTTWire

/// What one client may say at this point, and what is done about it: CONNECT to DISCONNECT, without a clock or a socket.
///
/// Each input has an action of its own. What belongs to the session (packet identifiers, queues, QoS 2) is `Session`'s; what the
/// access rules say is asked between the action and its consequence.
///
/// ### Invariants
/// - Nothing but CONNECT is acted on before a CONNECT was accepted [MQTT-3.1.0-1], and a second one ends the connection [MQTT-3.1.0-2].
/// - After an action that ends the connection every input is answered with `.ignore` or its like.
public struct ConnectionMachine: ~Copyable {
    /// Where the connection stands.
    enum State: Equatable {
        /// Accepted by the listener. → `authenticating` on a CONNECT that is in order, → `closed` on anything else.
        case awaitingConnect
        /// CONNECT, or the client's last AUTH, was read and is being decided. → `connected` by `accepted`, → `challenged`,
        /// → `closed` by `refused`.
        case authenticating
        /// AUTH is out, and the client's is awaited. → `authenticating` on it, → `closed` on anything else.
        case challenged
        /// CONNACK with success is out. → `closed` on DISCONNECT, on a protocol error and on a deadline.
        case connected
        /// The end: the transport is being closed.
        case closed
    }

    var state = State.awaitingConnect
    let limits: ProtocolLimits
    var aliases: TopicAliasTable
    /// QoS 1 and 2 publications of the client that were not acknowledged yet (MQTT 5.0 §4.9).
    var unacknowledgedCount = 0
    /// Milliseconds of silence after which the client is taken for dead; 0 for ever.
    var silenceMillisecondsMax: UInt64 = 0
    var lastReceived: UInt64
    var isClientIDAssigned = false
    /// The method of enhanced authentication that CONNECT asked for; nil for none.
    var authenticationMethod: UTF8String?
    /// Whether a connected client is authenticating again (§4.12.1).
    var isAuthenticatingAgain = false

    /// The version that CONNECT asked for; 3.1.1 until then.
    public internal(set) var version = ProtocolVersion.v311
    /// The keep alive in force, in seconds: the client's own, or the server's (MQTT 5.0 §3.2.2.3.14).
    public internal(set) var keepAliveSeconds: UInt16 = 0
    /// Whether the client wants reason strings and user properties (MQTT 5.0 §3.1.2.11.7).
    public internal(set) var wantsProblemInformation = true
    /// Seconds for which the session is kept when the connection has ended; `UInt32.max` for ever.
    public internal(set) var sessionExpirySeconds: UInt32 = 0

    /// - Parameters:
    ///   - limits: the listener's.
    ///   - now: monotonic milliseconds.
    public init(limits: ProtocolLimits, now: UInt64) {
        self.limits = limits
        lastReceived = now
        aliases = TopicAliasTable(aliasMax: 0)
    }

    /// Whether packets of a connected client are acted on.
    public var isConnected: Bool { state == .connected }

    /// Whether a CONNECT is being decided: what follows it must wait.
    public var isAuthenticating: Bool { state == .authenticating }

    /// Whether the connection has ended: nothing is acted on any more.
    public var isOver: Bool { state == .closed }

    /// Whether the connection waits for its CONNECT.
    public var isAwaitingConnect: Bool { state == .awaitingConnect }

    /// Whether the connection waits for the client's AUTH before it is let in.
    public var isChallenged: Bool { state == .challenged }

    /// How many QoS 1 and 2 publications the client may leave unacknowledged (MQTT 5.0 §3.2.2.3.3).
    public var receiveMaximum: UInt16 {
        limits.inflightCountMax == 0 ? .max : UInt16(clamping: limits.inflightCountMax)
    }

    // MARK: Time

    /// Bytes arrived: the client lives.
    public mutating func bytesReceived(now: UInt64) {
        lastReceived = now
    }

    /// The moment, in monotonic milliseconds, at which `deadlineReached(now:)` wants to be called; `nil` for never.
    public var deadline: UInt64? {
        silenceMillisecondsMax == 0 ? nil : lastReceived + silenceMillisecondsMax
    }

    /// What a passed deadline means.
    public enum DeadlineAction: Equatable, Sendable {
        /// The client has spoken since; look again at this moment.
        case wait(until: UInt64)
        /// One and a half times the keep alive has passed in silence [MQTT-3.1.2-22].
        case disconnect(ReasonCode)
        case ignore
    }

    /// Looks whether the client has been silent for too long.
    public mutating func deadlineReached(now: UInt64) -> DeadlineAction {
        guard state == .connected, let deadline else { return .ignore }
        guard now >= deadline else { return .wait(until: deadline) }
        state = .closed
        return .disconnect(.keepAliveTimeout)
    }

    // MARK: The end

    /// What DISCONNECT means.
    public enum DisconnectAction: Equatable, Sendable {
        /// The connection ends as it should: the will is dropped [MQTT-3.14.4-3].
        case close
        /// The connection ends and the client wants its will published (reason code 0x04).
        case closeWithWill
        /// The client asked for what it may not: say so, and publish the will.
        case fail(ReasonCode)
        case ignore
    }

    /// The client takes its leave (MQTT 5.0 §3.14).
    public mutating func disconnectReceived(_ disconnect: Disconnect) -> DisconnectAction {
        guard state == .connected else { return unexpected() ? .fail(.protocolError) : .ignore }
        state = .closed
        if let seconds = disconnect.sessionExpirySeconds {
            // A session that would have ended with the connection cannot be kept after the fact (§3.14.2.2.2).
            if sessionExpirySeconds == 0, seconds != 0 { return .fail(.protocolError) }
            sessionExpirySeconds = min(seconds, limits.sessionExpirySecondsMax)
        }
        return disconnect.reasonCode == .normalDisconnection ? .close : .closeWithWill
    }

    /// The transport is gone, or the broker ends the connection by itself.
    public mutating func closed() {
        state = .closed
    }

    /// What a packet means that has only one answer while the client is connected.
    public enum SimpleAction: Equatable, Sendable {
        case proceed
        case fail(ReasonCode)
        case ignore
    }

    /// SUBSCRIBE, UNSUBSCRIBE, PINGREQ, PUBACK, PUBREC, PUBREL or PUBCOMP arrived.
    public mutating func packetReceived() -> SimpleAction {
        if state == .connected { return .proceed }
        return unexpected() ? .fail(.protocolError) : .ignore
    }

    /// A packet that only the server sends, or one that could not be decoded: the connection ends.
    public mutating func malformedReceived(_ reasonCode: ReasonCode) -> SimpleAction {
        guard state != .closed else { return .ignore }
        state = .closed
        return .fail(reasonCode)
    }

    /// Ends a connection whose packet came out of turn; `false` if it had ended before.
    mutating func unexpected() -> Bool {
        guard state != .closed else { return false }
        state = .closed
        return true
    }
}
