import MQTTWire
import Testing

@testable import MQTTProtocol

/// How a rule lies to a filter, against every topic that could tell.
struct RuleReachTests {
    @Test func filtersIntersectWhereATopicMatchesBoth() {
        let universe = FilterUniverse(literals: ["a", ""], dollar: "$a", depth: 3)
        for (one, oneMatches) in zip(universe.filters, universe.matchedTopics) {
            let matched = Set(oneMatches)
            for (other, otherMatches) in zip(universe.filters, universe.matchedTopics) {
                let expected = !matched.isDisjoint(with: otherMatches)
                let found = Array(one.utf8).withUnsafeBytes { one in
                    Array(other.utf8).withUnsafeBytes { TopicFilter.intersect(one, $0) }
                }
                #expect(found == expected, "\(one) and \(other)")
            }
        }
    }

    @Test(arguments: [
        ("topic read a/#", "a/b", AccessRule.Reach.covers), ("topic read a/#", "a", .covers),
        ("topic read a/b", "a/+", .overlaps), ("topic read a/b", "b/+", .apart), ("topic read +/#", "#", .covers),
        ("pattern read %u/#", "alice/x", .overlaps), ("pattern read %u/#", "$SYS/x", .apart),
        ("pattern read all/#", "all/x", .covers), ("topic read %u/#", "alice/x", .apart),
        ("topic read a/#", "$share/group/a/b", .covers), ("pattern deny x%u", "x%u", .overlaps),
    ])
    func theReachOfARule(line: String, filter: String, reach: AccessRule.Reach) throws {
        let rule = AccessList([line]).rules[0]
        #expect(rule.reach(over: try TopicFilter(filter)) == reach)
    }
}
