/// A PUBLISH to be written, put together from slices that live elsewhere (3.3 PUBLISH).
///
/// Trivial: making one costs nothing, and writing one copies each slice once. To send one message to many receivers,
/// write everything but the payload for each with `writeHeader` and share the payload's buffer. All slices must stay
/// valid until it is written.
@frozen
public struct OutboundPublish {
    /// The topic name; may be empty in 5.0 where `topicAlias` stands for it.
    public var topic: UnsafeRawBufferPointer

    /// The application message.
    public var payload: UnsafeRawBufferPointer

    /// Payload format, content type, response topic, correlation data and user properties as they stand on the wire,
    /// without a length; left out below 5.0.
    public var forwardedProperties: UnsafeRawBufferPointer

    /// The identifiers of the receiver's matching subscriptions, each 1…268,435,455; left out below 5.0.
    public var subscriptionIdentifiers: UnsafeBufferPointer<UInt32>

    /// How long the message still lives; nil: for ever; left out below 5.0.
    public var messageExpirySeconds: UInt32?

    /// 0 at QoS 0, and only there.
    public var packetIdentifier: UInt16

    /// 0: none; left out below 5.0.
    public var topicAlias: UInt16

    public var qos: QoS
    public var isRetained: Bool
    public var isDuplicate: Bool

    @inlinable
    public init(
        topic: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        qos: QoS = .atMostOnce,
        packetIdentifier: UInt16 = 0,
        isRetained: Bool = false,
        isDuplicate: Bool = false,
        topicAlias: UInt16 = 0,
        messageExpirySeconds: UInt32? = nil,
        subscriptionIdentifiers: UnsafeBufferPointer<UInt32> = UnsafeBufferPointer(start: nil, count: 0),
        forwardedProperties: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        self.topic = topic
        self.payload = payload
        self.qos = qos
        self.packetIdentifier = packetIdentifier
        self.isRetained = isRetained
        self.isDuplicate = isDuplicate
        self.topicAlias = topicAlias
        self.messageExpirySeconds = messageExpirySeconds
        self.subscriptionIdentifiers = subscriptionIdentifiers
        self.forwardedProperties = forwardedProperties
    }
}
