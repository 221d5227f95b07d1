import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("The subscription trie finds who gets a message")
struct SubscriptionTrieTests {
    private let alice = SubscriberHandle(index: 0)
    private let bob = SubscriberHandle(index: 1)
    private let carol = SubscriberHandle(index: 2)

    private func matches(
        _ trie: inout SubscriptionTrie,
        _ topic: String,
        publisher: SubscriberHandle? = nil,
        isAble: (SubscriberHandle) -> Bool = { _ in true }
    ) -> [Match] {
        var set = MatchSet()
        Array(topic.utf8).withUnsafeBytes { bytes in
            trie.match(topic: bytes, publisher: publisher, into: &set, isAble: isAble)
        }
        return (0..<set.count).map { set[$0] }
    }

    private func subscribers(_ trie: inout SubscriptionTrie, _ topic: String) -> Set<UInt32> {
        Set(matches(&trie, topic).map(\.handle.index))
    }

    @Test(
        "Filters match as §4.7 says",
        arguments: [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/#", "sport", true),
            ("#", "sport/tennis", true),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/uptime", false),
            ("+/uptime", "$SYS/uptime", false),
            ("$SYS/#", "$SYS/uptime", true),
            ("$SYS/+", "$SYS/uptime", true),
            ("+/+", "a/$b", true),
            ("a/#", "a/$b", true),
            ("ACCOUNTS", "Accounts", false),
            ("a//b", "a//b", true),
            ("a/+/b", "a//b", true),
            (
                "sport/tennis/a-level-of-more-than-fifteen-bytes", "sport/tennis/a-level-of-more-than-fifteen-bytes",
                true
            ),
            (
                "sport/tennis/a-level-of-more-than-fifteen-bytes", "sport/tennis/a-level-of-more-than-fifteen-bytez",
                false
            ),
        ]
    )
    func specification(filter: String, topic: String, isMatched: Bool) throws {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert(try TopicFilter(filter), Subscriber(alice, maximumQoS: .atMostOnce))
        #expect(subscribers(&trie, topic) == (isMatched ? [0] : []))
    }

    @Test("Overlapping subscriptions are one delivery: highest QoS, all identifiers [MQTT-3.3.4-2]")
    func overlap() {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert("a/+", Subscriber(alice, maximumQoS: .atMostOnce, identifier: 7))
        trie.insert("a/#", Subscriber(alice, maximumQoS: .exactlyOnce, identifier: 8))
        trie.insert(
            "a/b",
            Subscriber(alice, maximumQoS: .atLeastOnce, identifier: 7, isRetainAsPublished: true)
        )
        trie.insert("#", Subscriber(bob, maximumQoS: .atLeastOnce))

        let found = matches(&trie, "a/b").sorted { $0.handle.index < $1.handle.index }
        #expect(found.count == 2)
        #expect(found[0].maximumQoS == .exactlyOnce)
        #expect(found[0].isRetainAsPublished)
        #expect(Set(found[0].identifiers.array) == [7, 8])
        #expect(found[0].identifiers.count == 2)
        #expect(found[1] == Match(Subscriber(bob, maximumQoS: .atLeastOnce)))
    }

    @Test("No Local keeps a session's own messages from it [MQTT-3.8.3-3]")
    func noLocal() {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert("a", Subscriber(alice, maximumQoS: .atMostOnce, isNoLocal: true))
        trie.insert("a", Subscriber(bob, maximumQoS: .atMostOnce))
        #expect(matches(&trie, "a", publisher: alice).map(\.handle) == [bob])
        #expect(matches(&trie, "a", publisher: bob).map(\.handle) == [alice, bob])
    }

    @Test("Subscribing again replaces the options [MQTT-3.8.4-3]")
    func replace() {
        var trie = SubscriptionTrie(hashSeed: 1)
        #expect(trie.insert("a", Subscriber(alice, maximumQoS: .atMostOnce)) == .added)
        #expect(trie.insert("a", Subscriber(alice, maximumQoS: .exactlyOnce)) == .replaced)
        #expect(matches(&trie, "a").map(\.maximumQoS) == [.exactlyOnce])
        #expect(trie.subscriptionCount == 1)
        #expect(trie.generation == 2)
    }

    @Test("What is removed leaves nothing behind, and the generation tells")
    func pruning() {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert("a/b/+/c", Subscriber(alice, maximumQoS: .atMostOnce))
        trie.insert("a/b/#", Subscriber(alice, maximumQoS: .atMostOnce))
        #expect(trie.nodeCount == 4)
        #expect(trie.remove("a/b/+/c", of: bob) == false)
        #expect(trie.remove("a/b/+/d", of: alice) == false)
        #expect(trie.generation == 2)
        #expect(trie.remove("a/b/+/c", of: alice) == true)
        #expect(trie.nodeCount == 2)
        #expect(trie.remove("a/b/#", of: alice) == true)
        #expect(trie.nodeCount == 0)
        #expect(trie.subscriptionCount == 0)
        #expect(trie.generation == 4)
    }

    @Test("A shared subscription gives each message to one member, in turn (§4.8.2)")
    func shared() {
        var trie = SubscriptionTrie(hashSeed: 1)
        for member in [alice, bob, carol] {
            trie.insert("$share/workers/jobs/+", Subscriber(member, maximumQoS: .atLeastOnce))
        }
        let turns = (0..<6).flatMap { _ in matches(&trie, "jobs/1").map(\.handle) }
        #expect(turns == [alice, bob, carol, alice, bob, carol])

        // A member that cannot take a message is passed over; if none can, it goes to the one whose turn it is.
        let bobIsAway = (0..<4).flatMap { _ in
            matches(&trie, "jobs/1", isAble: { $0 != SubscriberHandle(index: 1) }).map(\.handle)
        }
        #expect(bobIsAway == [alice, carol, alice, carol])
        let allAreAway = (0..<3).flatMap { _ in matches(&trie, "jobs/1", isAble: { _ in false }).map(\.handle) }
        #expect(allAreAway == [alice, bob, carol])

        #expect(trie.remove("$share/workers/jobs/+", of: alice) == true)
        #expect(trie.remove("$share/others/jobs/+", of: bob) == false)
        #expect(trie.remove("jobs/+", of: bob) == false)
        #expect((0..<2).flatMap { _ in matches(&trie, "jobs/1").map(\.handle) } == [bob, carol])
        #expect(trie.remove("$share/workers/jobs/+", of: bob) == true)
        #expect(trie.remove("$share/workers/jobs/+", of: carol) == true)
        #expect(trie.nodeCount == 0)
    }

    @Test("Groups and ordinary subscriptions of the same filter each get their own copy")
    func sharedBesideOrdinary() {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert("a", Subscriber(alice, maximumQoS: .atMostOnce))
        trie.insert("#", Subscriber(alice, maximumQoS: .atMostOnce))
        trie.insert("$share/g/a", Subscriber(alice, maximumQoS: .exactlyOnce))
        trie.insert("$share/h/a", Subscriber(alice, maximumQoS: .atLeastOnce))
        let found = matches(&trie, "a")
        #expect(found.map(\.handle) == [alice, alice, alice])
        #expect(found.map(\.maximumQoS).sorted() == [.atMostOnce, .atLeastOnce, .exactlyOnce])
    }

    @Test("It agrees with a naive router, whatever is subscribed, unsubscribed and published", arguments: UInt64(0)..<8)
    func oracle(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var trie = SubscriptionTrie(hashSeed: seed)
        var naive = NaiveRouter()
        let names = ["a", "b", "", "$SYS", "a-name-of-exactly-16", "0123456789abcde", "0123456789abcdef", "ü", "aa"]

        func levels(_ wildcards: Bool, _ random: inout SeededGenerator) -> String {
            var levels = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                wildcards && Int.random(in: 0..<3, using: &random) == 0
                    ? "+" : names.randomElement(using: &random) ?? ""
            }
            if wildcards, Int.random(in: 0..<4, using: &random) == 0 { levels[levels.count - 1] = "#" }
            let name = levels.joined(separator: "/")
            return name.isEmpty ? "/" : name
        }

        for _ in 0..<1_500 {
            let handle = SubscriberHandle(
                index: UInt32.random(in: 0..<40, using: &random),
                generation: 3
            )
            var filter = levels(true, &random)
            let isShared = Int.random(in: 0..<10, using: &random) == 0
            if isShared { filter = "$share/g/" + filter }
            let subscriber = Subscriber(
                handle,
                maximumQoS: QoS.allCases.randomElement(using: &random) ?? .atMostOnce,
                identifier: UInt32.random(in: 0..<5, using: &random),
                isNoLocal: !isShared && Bool.random(using: &random),
                isRetainAsPublished: Bool.random(using: &random)
            )
            switch Int.random(in: 0..<5, using: &random) {
            case 0...1:
                #expect(trie.insert(try TopicFilter(filter), subscriber) == naive.insert(filter, subscriber))
            case 2:
                let known = naive.entries.randomElement(using: &random)
                let victim = known?.subscriber.handle ?? handle
                let itsFilter = known?.filter ?? filter
                #expect(
                    trie.remove(try TopicFilter(itsFilter), of: victim) == naive.remove(itsFilter, victim)
                )
            default:
                let topic = levels(false, &random)
                let publisher = Bool.random(using: &random) ? handle : nil
                compare(matches(&trie, topic, publisher: publisher), naive, topic, publisher)
            }
        }
        for entry in naive.entries {
            #expect(trie.remove(try TopicFilter(entry.filter), of: entry.subscriber.handle) == true)
        }
        #expect(trie.nodeCount == 0)
        #expect(trie.subscriptionCount == 0)
    }

    private func compare(_ found: [Match], _ naive: NaiveRouter, _ topic: String, _ publisher: SubscriberHandle?) {
        var expected = naive.match(topic, publisher: publisher)
        let groups = Set(
            naive.entries.map(\.filter).filter { $0.hasPrefix("$share/g/") }.filter {
                NaiveRouter.matches(String($0.dropFirst(9)), topic)
            }
        )
        #expect(found.count == expected.count + groups.count, "one delivery for each session and each group")
        for match in found {
            guard let wanted = expected[match.handle], wanted.maximumQoS == match.maximumQoS,
                wanted.isRetainAsPublished == match.isRetainAsPublished, sorted(wanted) == sorted(match)
            else { continue }
            expected[match.handle] = nil
        }
        #expect(expected.isEmpty, "not found for \(topic)")
    }

    private func sorted(_ match: Match) -> [UInt32] {
        match.identifiers.array.sorted()
    }

    @Test("Ten thousand sessions on one filter come and go")
    func manySubscribers() {
        var trie = SubscriptionTrie(hashSeed: 1)
        for index in 0..<10_000 {
            trie.insert(
                "news",
                Subscriber(SubscriberHandle(index: UInt32(index)), maximumQoS: .atMostOnce)
            )
            trie.insert("#", Subscriber(SubscriberHandle(index: UInt32(index)), maximumQoS: .atLeastOnce))
        }
        let found = matches(&trie, "news")
        #expect(found.count == 10_000)
        #expect(found.allSatisfy { $0.maximumQoS == .atLeastOnce })
        for index in stride(from: 0, to: 10_000, by: 2) {
            #expect(trie.remove("news", of: SubscriberHandle(index: UInt32(index))) == true)
        }
        let rest = matches(&trie, "news")
        #expect(rest.count == 10_000)
        #expect(Set(rest.map(\.handle)).count == 10_000)
    }

    @Test("A handle of an ended session is not the one that took its place")
    func generations() {
        var trie = SubscriptionTrie(hashSeed: 1)
        trie.insert("a", Subscriber(SubscriberHandle(index: 5, generation: 1), maximumQoS: .atMostOnce))
        #expect(trie.remove("a", of: SubscriberHandle(index: 5, generation: 2)) == false)
        #expect(matches(&trie, "a").count == 1)
    }

    @Test("Members that are away get nothing while others are there, and their turn when nobody is")
    func presence() {
        var trie = SubscriptionTrie()
        for handle in [alice, bob] { trie.insert("$share/g/a", Subscriber(handle, maximumQoS: .atLeastOnce)) }
        trie.setPresence(of: alice, false)
        for _ in 0..<3 { #expect(matches(&trie, "a").map(\.handle) == [bob]) }
        trie.setPresence(of: bob, false)
        #expect(Set((0..<2).flatMap { _ in matches(&trie, "a").map(\.handle) }) == [alice, bob])
        trie.setPresence(of: alice, true)
        let next = trie.nextMember(of: "$share/g/a")
        #expect(next?.handle == alice)
        let nobody = trie.nextMember(of: "$share/other/a")
        #expect(nobody == nil)
    }

    @Test("There are only so many patterns of +, so that no topic leads to more nodes")
    func shapes() throws {
        var trie = SubscriptionTrie()
        let subscriber = Subscriber(alice, maximumQoS: .atMostOnce)
        func filter(_ pattern: Int) throws -> TopicFilter {
            try TopicFilter((0..<13).map { pattern >> $0 & 1 == 1 ? "+" : "x" }.joined(separator: "/"))
        }
        for pattern in 1...SubscriptionTrie.shapesMax {
            let filter = try filter(pattern)
            let isAdmitted = trie.admits(filter)
            #expect(isAdmitted)
            trie.insert(filter, subscriber)
        }
        let another = try filter(SubscriptionTrie.shapesMax + 1)
        var admitted = [trie.admits(another), trie.admits("+/y"), trie.admits("no/plus/#")]
        #expect(admitted == [false, true, true], "not another pattern, but one that others have, and what has none")
        trie.remove(try filter(1), of: alice)
        admitted = [trie.admits(another)]
        #expect(admitted == [true])
    }
}
