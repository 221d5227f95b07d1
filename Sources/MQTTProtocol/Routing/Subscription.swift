public import MQTTWire

/// One subscription as the trie stores it: who, and with which options. Sixteen bytes.
public struct Subscription: Hashable, Sendable {
    /// Whose subscription it is.
    public var subscriber: SubscriberHandle
    /// The subscription identifier of MQTT 5.0 (1…268,435,455), or 0 if the client gave none.
    public var identifier: UInt32
    /// The highest quality of service at which the subscriber wants messages, as granted.
    public var maximumQoS: QoS
    /// Whether the subscriber does not want what it published itself [MQTT-3.8.3-3].
    public var isNoLocal: Bool
    /// Whether live messages keep the RETAIN flag with which they were published [MQTT-3.3.1-12], [MQTT-3.3.1-13].
    public var isRetainAsPublished: Bool

    /// Creates a subscription.
    public init(
        subscriber: SubscriberHandle,
        maximumQoS: QoS,
        identifier: UInt32 = 0,
        isNoLocal: Bool = false,
        isRetainAsPublished: Bool = false
    ) {
        self.subscriber = subscriber
        self.identifier = identifier
        self.maximumQoS = maximumQoS
        self.isNoLocal = isNoLocal
        self.isRetainAsPublished = isRetainAsPublished
    }
}
