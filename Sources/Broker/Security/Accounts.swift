import MQTTProtocol

/// The accounts of one client: its user's and its address's; `nil` where nothing is limited.
struct Accounts {
    var user: Account?
    var address: Account?

    /// A session gets another subscription.
    ///
    /// - Returns: `false` if one of them has too many.
    func subscribed() -> Bool {
        guard user?.subscribed() != false else { return false }
        guard address?.subscribed() != false else {
            user?.unsubscribed(count: 1)
            return false
        }
        return true
    }

    /// Subscriptions of a session end.
    func unsubscribed(count: Int) {
        user?.unsubscribed(count: count)
        address?.unsubscribed(count: count)
    }

    /// A session with subscriptions comes from other accounts to these.
    func took(subscriptions count: Int, from others: Accounts) {
        others.unsubscribed(count: count)
        user?.took(subscriptions: count)
        address?.took(subscriptions: count)
    }

    /// What may wait for the client.
    var queueAllowances: QueueAllowances {
        QueueAllowances(user?.queueAllowance, address?.queueAllowance)
    }

    /// Whether what the client retains is counted.
    var isRetainedLimited: Bool { user?.retainedAllowance != nil || address?.retainedAllowance != nil }
}
