/// SUBSCRIBE (3.8 SUBSCRIBE – Subscribe request).
public struct Subscribe: Sendable, Hashable {
    public var packetIdentifier: UInt16

    /// At least one.
    public var subscriptions: [Subscription]

    /// 3.8.2.1.2, 1…268,435,455; nil: none, and always so below 5.0.
    public var subscriptionIdentifier: UInt32?

    public var userProperties: [UserProperty]

    public init(
        packetIdentifier: UInt16,
        subscriptions: [Subscription],
        subscriptionIdentifier: UInt32? = nil,
        userProperties: [UserProperty] = []
    ) {
        self.packetIdentifier = packetIdentifier
        self.subscriptions = subscriptions
        self.subscriptionIdentifier = subscriptionIdentifier
        self.userProperties = userProperties
    }
}
