import MQTTWire

@testable import MQTTProtocol

/// What the trie must agree with: a list of subscriptions, each compared with the topic level by level as strings.
struct NaiveRouter {
    struct Entry {
        var filter: String
        var subscriber: Subscriber
    }

    var entries: [Entry] = []

    mutating func insert(_ filter: String, _ subscriber: Subscriber) -> SubscriptionTrie.Insertion {
        for position in entries.indices
        where entries[position].filter == filter && entries[position].subscriber.handle == subscriber.handle {
            entries[position].subscriber = subscriber
            return .replaced
        }
        entries.append(Entry(filter: filter, subscriber: subscriber))
        return .added
    }

    mutating func remove(_ filter: String, _ handle: SubscriberHandle) -> Bool {
        let position = entries.firstIndex { $0.filter == filter && $0.subscriber.handle == handle }
        guard let position else { return false }
        entries.remove(at: position)
        return true
    }

    /// The ordinary subscriptions that match, merged by session.
    func match(_ topic: String, publisher: SubscriberHandle?) -> [SubscriberHandle: Match] {
        var matches: [SubscriberHandle: Match] = [:]
        for entry in entries where !entry.filter.hasPrefix("$share/") && Self.matches(entry.filter, topic) {
            let subscriber = entry.subscriber
            if subscriber.isNoLocal, subscriber.handle == publisher { continue }
            if var match = matches[subscriber.handle] {
                match.maximumQoS = max(match.maximumQoS, subscriber.maximumQoS)
                match.isRetainAsPublished = match.isRetainAsPublished || subscriber.isRetainAsPublished
                match.identifiers.insert(subscriber.identifier)
                matches[subscriber.handle] = match
            } else {
                matches[subscriber.handle] = Match(subscriber)
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
