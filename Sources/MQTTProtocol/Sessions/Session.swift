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
/// - At most `windowCount` messages of QoS 1 and 2 are under way on a connection [MQTT-3.3.4-9].
/// - Messages are sent in the order in which they came; nothing overtakes a message that waits, except QoS 0.
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
    public internal(set) var version = ProtocolVersion.v311
    /// Whether the client is connected.
    public internal(set) var isAttached = false

    /// What the client subscribed to.
    public internal(set) var subscriptions: [TopicFilter: Subscriber] = [:]

    // MARK: Outbound

    /// The messages of QoS 1 and 2 that are under way.
    var inflight = PacketIdentifierTable<InflightMessage>()
    /// How many of them occupy a place in the present connection's window, how many of those are retained messages for
    /// a new subscription, and how many payload bytes they have.
    var windowUsedCount = 0
    var windowRetainedCount = 0
    var windowUsedBytes = 0
    /// How many messages of QoS 1 and 2 the present connection takes at once.
    var windowCount = 0
    /// The largest packet that the client takes.
    var packetBytesMax = Int.max
    var nextIdentifier: UInt16 = 1
    var nextSequence: UInt64 = 0
    /// What is to be sent again on the present connection, in order, from `resumed` on.
    var resuming: [UInt16] = []
    var resumed = 0
    /// Messages that wait for a place in the window, or for the client to come back.
    var queue = RingBuffer<Delivery>()
    var queuedBytes = 0
    /// Whether the odd place of the window, which cannot be shared, goes to a retained message next.
    var isRetainedNext = false

    /// Whether retained messages for a new subscription are on their way to this session.
    ///
    /// While it is set, waiting and retained messages have half of the window each (of a window of one, every second
    /// message), so that neither starves the other. Whoever sets it must go on taking what `retainedRoom` offers; when the scan of the
    /// store ends, or pauses with nothing in hand, clear it and ask `nextToSend`, or a kept place is lost for the queue.
    public var isRetainedWaiting = false

    // MARK: Inbound

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
    }

    /// How many messages of QoS 1 and 2 are under way.
    public var inflightCount: Int { inflight.count }

    /// How many messages wait.
    public var queuedCount: Int { queue.count }

    /// How many messages of QoS 2 the client has sent and not released.
    public var unreleasedCount: Int { unreleased.count }
}
