import MQTTProtocol
import Synchronization

/// What a user, or an address, may do once its clients are let in, as their connections and sessions know it; which of them there are
/// stands in the ``AccountRegister``.
final class Account: Sendable {
    /// Who it is to its register; `nil` for clients without a name.
    let name: [UInt8]?
    /// How fast it may publish; `nil` for any.
    let rate: PublishRate?
    /// What may wait for all of its clients; `nil` for any.
    let queueAllowance: QueueAllowance?
    /// What its clients may add to what is retained; `nil` for any.
    let retainedAllowance: RetainedAllowance?

    private let subscriptionsMax: Int
    private let subscriptionCount = Atomic<Int>(0)

    init(_ name: [UInt8]?, _ limits: AccountLimits) {
        self.name = name
        rate = PublishRate(
            messagesPerSecond: limits.publishesPerSecond,
            bytesPerSecond: limits.publishBytesPerSecond
        )
        queueAllowance = limits.queuedBytesMax.map(QueueAllowance.init(bytesMax:))
        retainedAllowance = RetainedAllowance(limits: limits.retained)
        subscriptionsMax = limits.subscriptionsMax ?? .max
    }

    /// A session gets another subscription.
    ///
    /// - Returns: `false` if there are too many.
    func subscribed() -> Bool {
        if subscriptionCount.add(1, ordering: .relaxed).newValue <= subscriptionsMax { return true }
        unsubscribed(count: 1)
        return false
    }

    /// Subscriptions of a session end.
    func unsubscribed(count: Int) {
        subscriptionCount.subtract(count, ordering: .relaxed)
    }

    /// A session comes with its subscriptions, which may be more than could be added.
    func took(subscriptions count: Int) {
        subscriptionCount.add(count, ordering: .relaxed)
    }

    /// Whether it has subscriptions, messages that wait, or published so fast that it is not forgotten yet.
    func isOwing(now: UInt64) -> Bool {
        subscriptionCount.load(ordering: .relaxed) > 0 || queueAllowance.map { $0.bytes > 0 } == true
            || rate?.isFull(now: now) == false
    }
}
