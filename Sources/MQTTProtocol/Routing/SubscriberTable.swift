/// The subscribers of one filter where there are several, or groups of a shared subscription.
final class SubscriberTable {
    /// Ordinary subscriptions, each session once, in no particular order.
    private(set) var subscriptions: [Subscription] = []
    /// Where in `subscriptions` a session stands; kept above `searchedMax` of them, below which searching is faster.
    private var positions: [SubscriberHandle: Int]?
    /// Groups of shared subscriptions, none of them empty.
    var groups: [SharedGroup] = []

    private static var searchedMax: Int { 16 }

    var isEmpty: Bool { subscriptions.isEmpty && groups.isEmpty }

    /// Adds or replaces a subscription.
    ///
    /// - Returns: Whether it is new.
    func insert(_ subscription: Subscription) -> Bool {
        if let position = position(of: subscription.subscriber) {
            subscriptions[position] = subscription
            return false
        }
        subscriptions.append(subscription)
        if positions != nil {
            positions?[subscription.subscriber] = subscriptions.count - 1
        } else if subscriptions.count > Self.searchedMax {
            positions = Dictionary(
                uniqueKeysWithValues: subscriptions.enumerated().map { ($0.element.subscriber, $0.offset) }
            )
        }
        return true
    }

    /// - Returns: Whether there was such a subscription.
    func remove(_ subscriber: SubscriberHandle) -> Bool {
        guard let position = position(of: subscriber) else { return false }
        let last = subscriptions.removeLast()
        positions?[subscriber] = nil
        if last.subscriber != subscriber {
            subscriptions[position] = last
            positions?[last.subscriber] = position
        }
        return true
    }

    func insertShared(_ subscription: Subscription, group name: UnsafeRawBufferPointer) -> Bool {
        if let position = groups.firstIndex(where: { $0.isNamed(name) }) {
            return groups[position].insert(subscription)
        }
        var group = SharedGroup(name: name)
        _ = group.insert(subscription)
        groups.append(group)
        return true
    }

    func removeShared(_ subscriber: SubscriberHandle, group name: UnsafeRawBufferPointer) -> Bool {
        guard let position = groups.firstIndex(where: { $0.isNamed(name) }) else { return false }
        guard groups[position].remove(subscriber) else { return false }
        if groups[position].isEmpty { groups.remove(at: position) }
        return true
    }

    private func position(of subscriber: SubscriberHandle) -> Int? {
        if let positions { return positions[subscriber] }
        return subscriptions.firstIndex { $0.subscriber == subscriber }
    }
}
