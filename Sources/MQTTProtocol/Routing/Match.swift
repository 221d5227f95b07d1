public import MQTTWire

/// One session that a message goes to, with what its matching subscriptions ask for, taken together.
public struct Match: Hashable, Sendable {
    /// The session.
    public let subscriber: SubscriberHandle
    /// The subscription identifiers to be sent along.
    public internal(set) var identifiers: SubscriptionIdentifiers
    /// The highest quality of service among the matching subscriptions [MQTT-3.3.4-2].
    public internal(set) var maximumQoS: QoS
    /// Whether at least one matching subscription asks for the RETAIN flag as published.
    public internal(set) var isRetainAsPublished: Bool

    /// What one subscription asks for.
    public init(_ subscription: Subscription) {
        subscriber = subscription.subscriber
        identifiers = SubscriptionIdentifiers(subscription.identifier)
        maximumQoS = subscription.maximumQoS
        isRetainAsPublished = subscription.isRetainAsPublished
    }

    mutating func merge(_ subscription: Subscription) {
        identifiers.insert(subscription.identifier)
        if subscription.maximumQoS.rawValue > maximumQoS.rawValue { maximumQoS = subscription.maximumQoS }
        if subscription.isRetainAsPublished { isRetainAsPublished = true }
    }
}
