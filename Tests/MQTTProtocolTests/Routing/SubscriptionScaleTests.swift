import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("A million subscriptions")
struct SubscriptionScaleTests {
    /// Matching walks the topic's levels: what it looks at does not depend on how many subscriptions there are.
    @Test("A topic leads to its own subscriptions and to no others, and all of them go again")
    func million() throws {
        let count = 1_000_000
        var trie = SubscriptionTrie()
        var filters: [TopicFilter] = []
        for number in 0..<count {
            let last = number.isMultiple(of: 10) ? "+" : "t\(number % 7)"
            let filter = try TopicFilter("site/\(number % 1_000)/device/\(number)/\(last)")
            trie.insert(filter, Subscriber(SubscriberHandle(index: UInt32(number % 10_000)), maximumQoS: .atLeastOnce))
            filters.append(filter)
        }
        #expect(trie.subscriptionCount == count)
        var matches = MatchSet()
        for number in stride(from: 0, to: count, by: 9_973) {
            let topic = Array("site/\(number % 1_000)/device/\(number)/t\(number % 7)".utf8)
            topic.withUnsafeBytes { trie.match(topic: $0, into: &matches) }
            #expect(matches.count == 1)
            #expect(matches[0].handle.index == UInt32(number % 10_000))
            let reached = trie.frontier.count
            #expect(reached == 1, "one node at the last level")
        }
        for (number, filter) in filters.enumerated() {
            trie.remove(filter, of: SubscriberHandle(index: UInt32(number % 10_000)))
        }
        #expect(trie.subscriptionCount == 0 && trie.nodeCount == 0)
    }
}
