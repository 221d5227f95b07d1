import MQTTWire

@testable import MQTTProtocol

/// What the trie must agree with: a list of subscriptions, each compared with the topic level by level as strings.
struct NaiveRouter {
    struct Entry {
        var filter: String
        var subscription: Subscription
    }

    var entries: [Entry] = []

    mutating func insert(_ filter: String, _ subscription: Subscription) -> SubscriptionTrie.Insertion {
        for position in entries.indices
        where entries[position].filter == filter && entries[position].subscription.subscriber == subscription.subscriber
        {
            entries[position].subscription = subscription
            return .replaced
        }
        entries.append(Entry(filter: filter, subscription: subscription))
        return .added
    }

    mutating func remove(_ filter: String, _ subscriber: SubscriberHandle) -> Bool {
        let position = entries.firstIndex { $0.filter == filter && $0.subscription.subscriber == subscriber }
        guard let position else { return false }
        entries.remove(at: position)
        return true
    }

    /// The ordinary subscriptions that match, merged by session.
    func match(_ topic: String, publisher: SubscriberHandle?) -> [SubscriberHandle: Match] {
        var matches: [SubscriberHandle: Match] = [:]
        for entry in entries where !entry.filter.hasPrefix("$share/") && Self.matches(entry.filter, topic) {
            let subscription = entry.subscription
            if subscription.isNoLocal, subscription.subscriber == publisher { continue }
            if var match = matches[subscription.subscriber] {
                match.maximumQoS = max(match.maximumQoS, subscription.maximumQoS)
                match.isRetainAsPublished = match.isRetainAsPublished || subscription.isRetainAsPublished
                match.identifiers.insert(subscription.identifier)
                matches[subscription.subscriber] = match
            } else {
                matches[subscription.subscriber] = Match(subscription)
            }
        }
        return matches
    }

    static func matches(_ filter: String, _ topic: String) -> Bool {
        let filter = filter.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let topic = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if topic[0].hasPrefix("$"), filter[0] == "+" || filter[0] == "#" { return false }
        for (position, level) in filter.enumerated() {
            if level == "#" { return topic.count >= position }
            guard position < topic.count, level == "+" || level == topic[position] else { return false }
        }
        return filter.count == topic.count
    }
}
