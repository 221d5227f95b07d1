/// One topic filter of a SUBSCRIBE with its options (3.8.3 SUBSCRIBE Payload).
public struct Subscription: Sendable, Hashable {
    public var filter: TopicFilter

    /// At most at this QoS messages are delivered.
    public let maximumQoS: QoS

    /// Whether the client's own publications are left out; false below 5.0.
    public let isNoLocal: Bool

    /// Whether messages are delivered with the RETAIN flag they were published with; false below 5.0.
    public let isRetainAsPublished: Bool

    public let retainHandling: RetainHandling

    public init(
        filter: TopicFilter,
        maximumQoS: QoS,
        isNoLocal: Bool = false,
        isRetainAsPublished: Bool = false,
        retainHandling: RetainHandling = .always
    ) {
        self.filter = filter
        self.maximumQoS = maximumQoS
        self.isNoLocal = isNoLocal
        self.isRetainAsPublished = isRetainAsPublished
        self.retainHandling = retainHandling
    }
}
