public import MQTTWire

extension Session {
    /// What a new subscription means.
    public enum SubscribeAction: Sendable {
        /// Put this into the trie, and send retained messages if `sendsRetained` says so.
        case subscribe(Subscriber, sendsRetained: Bool)
        /// The session has too many: SUBACK with 0x97, below 5.0 0x80.
        case limitExceeded
    }

    /// The client subscribes and may.
    ///
    /// - Parameters:
    ///   - subscription: One entry of SUBSCRIBE.
    ///   - maximumQoS: The QoS that is granted, if lower than what the entry asks for.
    ///   - identifier: The subscription identifier of SUBSCRIBE.
    public func subscribe(
        _ subscription: Subscription,
        maximumQoS: QoS = .exactlyOnce,
        identifier: UInt32? = nil
    ) -> SubscribeAction {
        let exists = subscriptions[subscription.filter] != nil
        guard exists || subscriptions.count < limits.subscriptionCountMax else { return .limitExceeded }
        let subscriber = Subscriber(
            handle,
            maximumQoS: min(subscription.maximumQoS, maximumQoS),
            identifier: identifier ?? 0,
            isNoLocal: subscription.isNoLocal,
            isRetainAsPublished: subscription.isRetainAsPublished
        )
        subscriptions[subscription.filter] = subscriber
        return .subscribe(
            subscriber,
            sendsRetained: RetainedRules.isSent(
                to: subscription.filter,
                handling: subscription.retainHandling,
                exists: exists
            )
        )
    }

    /// The client ends a subscription.
    ///
    /// - Returns: Whether there was one: take it out of the trie; if not, UNSUBACK says 0x11.
    public func unsubscribe(_ filter: TopicFilter) -> Bool {
        subscriptions.removeValue(forKey: filter) != nil
    }
}
