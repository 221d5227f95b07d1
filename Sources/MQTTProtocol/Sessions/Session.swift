public import MQTTWire

/// What the broker keeps for a client, whether it is connected or not (MQTT 5.0 §4.1).
///
/// Its subscriptions; the messages under way to it, and those that wait; the identifiers of the QoS 2 messages that it
/// has sent and not yet released. A session is a self-contained object that belongs to one event loop at a time: it is
/// not `Sendable`, and a takeover sends it as a whole to the loop of the new connection.
///
/// Sending, for the broker:
/// - a message arrives for the session: `deliver`; then write, or don't, as the action says;
/// - an acknowledgement arrives, a connection was attached, or the socket has room again: write what `nextToSend` hands
///   out until it hands out nothing;
/// - a retained message is ready for a new subscription: `sendRetained`, as many as `retainedRoom` says.
///
/// ### Invariants
/// - Packet identifiers count from 1 without gaps, passing over those in use [MQTT-2.2.1-4].
/// - At most as many messages of QoS 1 and 2 are under way on a connection as the client takes [MQTT-3.3.4-9].
/// - Messages are sent in the order in which they came; nothing overtakes a message that waits, except messages of QoS 0
///   that were not published as retained: no value of a topic is followed by an older one.
public final class Session {
    /// The client identifier.
    public let clientID: [UInt8]
    /// How the router knows the session.
    public let handle: SubscriberHandle
    /// What the session's queues may hold, and how it sends.
    public let limits: ProtocolLimits

    /// How long the session outlives its connection, in seconds; 0: not at all, `UInt32.max`: for ever (§3.1.2.11.2).
    public internal(set) var expirySeconds: UInt32 = 0
    /// The version that the client speaks, or spoke last.
    public var version: ProtocolVersion { window.version }
    /// Whether the client is connected.
    public var isAttached: Bool { window.isOpen }

    /// What the client subscribed to.
    public internal(set) var subscriptions: [TopicFilter: Subscriber] = [:]

    /// What is under way to the client, and what waits.
    // Unchecked, as the check costs a fifth of a delivery and cannot fail: the window's methods call nothing back.
    @exclusivity(unchecked) var window: SendWindow

    /// The messages of QoS 2 that the client has sent and not released, each with the LSN that its PUBREC waits for.
    var unreleased = PacketIdentifierTable<UInt64>()

    /// Creates a session without subscriptions and messages, not connected.
    ///
    /// - Parameters:
    ///   - clientID: The client identifier.
    ///   - handle: How the router knows the session.
    ///   - limits: The limits of the listener through which it was created.
    public init(clientID: [UInt8], handle: SubscriberHandle, limits: ProtocolLimits) {
        self.clientID = clientID
        self.handle = handle
        self.limits = limits
        window = SendWindow(limits: limits)
    }

    /// At which QoS retained messages for a new subscription are on their way to this session, at the most; at most once where
    /// there are none.
    ///
    /// While it is higher, waiting and retained messages have half of the window each (of a window of one, every second
    /// message), so that neither starves the other. Whoever sets it must go on taking what `retainedRoom` offers; when
    /// the scan of the store ends, or pauses with nothing in hand, set it back and ask `nextToSend`, or a kept place is lost
    /// for the queue.
    public var waitingRetainedQoS: QoS {
        get { window.waitingRetainedQoS }
        set { window.waitingRetainedQoS = newValue }
    }

    /// How many messages of QoS 1 and 2 are under way.
    public var inflightCount: Int { window.inflight.count }

    /// How many messages wait.
    public var queuedCount: Int { window.queue.count }

    /// The payload bytes that wait.
    public var queuedBytes: Int { window.queue.bytes }

    /// What the queue may hold together with those of other sessions.
    public var queueAllowances: QueueAllowances {
        get { window.queue.allowances }
        set { window.queue.allowances = newValue }
    }

    /// How many messages of QoS 2 the client has sent and not released.
    public var unreleasedCount: Int { unreleased.count }
}
