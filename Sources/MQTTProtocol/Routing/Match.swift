public import MQTTWire

/// One session that a message goes to, with what its matching subscriptions ask for, taken together.
public struct Match: Hashable, Sendable {
    /// The session.
    public let handle: SubscriberHandle
    /// The subscription identifiers to be sent along.
    public internal(set) var identifiers: SubscriptionIdentifiers
    /// The highest quality of service among the matching subscriptions [MQTT-3.3.4-2].
    public internal(set) var maximumQoS: QoS
    /// Whether at least one matching subscription asks for the RETAIN flag as published.
    public internal(set) var isRetainAsPublished: Bool
    /// Whether it is the session's turn in a shared subscription.
    public let isShared: Bool

    /// What one subscription asks for.
    ///
    /// - Parameters:
    ///   - subscriber: The session and its options.
    ///   - isShared: Whether the subscription is a shared one.
    public init(_ subscriber: Subscriber, isShared: Bool = false) {
        handle = subscriber.handle
        identifiers = SubscriptionIdentifiers(subscriber.identifier)
        maximumQoS = subscriber.maximumQoS
        isRetainAsPublished = subscriber.isRetainAsPublished
        self.isShared = isShared
    }

    mutating func merge(_ subscriber: Subscriber) {
        identifiers.insert(subscriber.identifier)
        maximumQoS = max(maximumQoS, subscriber.maximumQoS)
        if subscriber.isRetainAsPublished { isRetainAsPublished = true }
    }
}
