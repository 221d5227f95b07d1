/// The message that the server publishes when the client is gone (3.1.2.5 Will Flag).
public struct Will: Sendable, Hashable {
    public var topic: TopicName
    public let payload: [UInt8]
    public let qos: QoS
    public let isRetained: Bool

    /// How long the server waits before it publishes (3.1.3.2.2); 0 below 5.0.
    public let delaySeconds: UInt32

    /// How long the message lives once published (3.1.3.2.4); nil: for ever.
    public let messageExpirySeconds: UInt32?

    /// Payload format, content type, response topic, correlation data and user properties as they stand on the wire,
    /// without a length: ready for `OutboundPublish`.
    public let forwardedProperties: [UInt8]

    /// - Parameters:
    ///   - topic: where it is published.
    ///   - payload: up to 65,535 bytes (3.1.3.4).
    ///   - qos: at which it is published.
    ///   - isRetained: whether it is published as a retained message.
    ///   - delaySeconds: 5.0 only.
    ///   - messageExpirySeconds: 5.0 only.
    ///   - forwardedProperties: 5.0 only; what `ForwardedProperties.encode` returns.
    public init(
        topic: TopicName,
        payload: [UInt8],
        qos: QoS = .atMostOnce,
        isRetained: Bool = false,
        delaySeconds: UInt32 = 0,
        messageExpirySeconds: UInt32? = nil,
        forwardedProperties: [UInt8] = []
    ) {
        self.topic = topic
        self.payload = payload
        self.qos = qos
        self.isRetained = isRetained
        self.delaySeconds = delaySeconds
        self.messageExpirySeconds = messageExpirySeconds
        self.forwardedProperties = forwardedProperties
    }
}
