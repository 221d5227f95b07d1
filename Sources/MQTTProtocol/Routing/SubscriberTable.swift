/// The subscribers of one filter where there are several, or groups of a shared subscription.
final class SubscriberTable {
    /// Ordinary subscribers, each session once, in no particular order.
    private(set) var subscribers: [Subscriber] = []
    /// Where in `subscribers` a session stands; kept above `searchedMax` of them, below which searching is faster.
    private var positions: [SubscriberHandle: Int]?
    /// Groups of shared subscriptions, none of them empty.
    var groups: [SharedGroup] = []

    private static var searchedMax: Int { 16 }

    var isEmpty: Bool { subscribers.isEmpty && groups.isEmpty }

    /// Adds or replaces a subscriber.
    ///
    /// - Returns: Whether it is new.
    func insert(_ subscriber: Subscriber) -> Bool {
        if let position = position(of: subscriber.handle) {
            subscribers[position] = subscriber
            return false
        }
        subscribers.append(subscriber)
        if positions != nil {
            positions?[subscriber.handle] = subscribers.count - 1
        } else if subscribers.count > Self.searchedMax {
            positions = Dictionary(
                uniqueKeysWithValues: subscribers.enumerated().map { ($0.element.handle, $0.offset) }
            )
        }
        return true
    }

    /// - Returns: Whether it was there.
    func remove(_ handle: SubscriberHandle) -> Bool {
        guard let position = position(of: handle) else { return false }
        let last = subscribers.removeLast()
        positions?[handle] = nil
        if last.handle != handle {
            subscribers[position] = last
            positions?[last.handle] = position
        }
        return true
    }

    func insertShared(_ subscriber: Subscriber, group name: UnsafeRawBufferPointer) -> Bool {
        if let position = groups.firstIndex(where: { $0.isNamed(name) }) {
            return groups[position].insert(subscriber)
        }
        var group = SharedGroup(name: name)
        _ = group.insert(subscriber)
        groups.append(group)
        return true
    }

    func removeShared(_ handle: SubscriberHandle, group name: UnsafeRawBufferPointer) -> Bool {
        guard let position = groups.firstIndex(where: { $0.isNamed(name) }) else { return false }
        guard groups[position].remove(handle) else { return false }
        if groups[position].isEmpty { groups.remove(at: position) }
        return true
    }

    private func position(of handle: SubscriberHandle) -> Int? {
        if let positions { return positions[handle] }
        return subscribers.firstIndex { $0.handle == handle }
    }
}
