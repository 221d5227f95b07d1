public import MQTTWire

/// Who subscribed to a filter, and with which options, as the trie stores it. Sixteen bytes, no references.
public struct Subscriber: Hashable, Sendable {
    /// The session.
    public let handle: SubscriberHandle
    /// The subscription identifier of MQTT 5.0 (1…268,435,455), or 0 if the client gave none.
    public var identifier: UInt32
    /// The highest quality of service at which the session wants messages, as granted.
    public var maximumQoS: QoS
    /// Whether the session does not want what it published itself [MQTT-3.8.3-3].
    public var isNoLocal: Bool
    /// Whether live messages keep the RETAIN flag with which they were published [MQTT-3.3.1-12], [MQTT-3.3.1-13].
    public var isRetainAsPublished: Bool

    /// Creates a subscriber.
    public init(
        _ handle: SubscriberHandle,
        maximumQoS: QoS,
        identifier: UInt32 = 0,
        isNoLocal: Bool = false,
        isRetainAsPublished: Bool = false
    ) {
        self.handle = handle
        self.identifier = identifier
        self.maximumQoS = maximumQoS
        self.isNoLocal = isNoLocal
        self.isRetainAsPublished = isRetainAsPublished
    }
}
