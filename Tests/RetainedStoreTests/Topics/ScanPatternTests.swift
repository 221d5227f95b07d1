import Testing

@testable import RetainedStore

@Suite("Finding topics by filter")
struct ScanPatternTests {
    private let blinder: TopicBlinder

    init() throws {
        blinder = try TopicBlinder(indexKey: [UInt8](0..<16).secret)
    }

    private func made(_ filter: String) -> ScanPattern? {
        Array(filter.utf8).withUnsafeBytes { ScanPattern(filter: $0, blinder: blinder) }
    }

    @Test("finds exactly what a literal reading of the specification finds, with bounded seeks", arguments: 0..<20)
    func oracle(_ round: UInt64) throws {
        let seed = Seed.value &+ round
        var vocabulary = TopicVocabulary(seed: seed)
        let topics = Set((0..<400).map { _ in vocabulary.topic() }).sorted()
        let index = SortedTopics(topics, blinder: blinder)
        let naive = topics.map { NaiveTopic($0) }
        for _ in 0..<60 {
            let filter = vocabulary.filter(from: topics)
            let pattern = try #require(made(filter), "\(filter)")
            let scan = index.scan(pattern)
            let wanted = NaiveTopic(filter)
            let expected = naive.filter { wanted.matches($0) }.map(\.text)
            #expect(scan.found.sorted() == expected, "\(filter), seed \(seed)")
            let bound = expected.count + scan.openedInVain + 2 * wanted.prefixesCount(in: naive) + 2
            #expect(scan.stepsCount <= bound, "\(filter): \(scan.stepsCount) steps, seed \(seed)")
        }
    }

    @Test("touches what it returns, and two keys for each token of a plus")
    func seeks() throws {
        // 100 devices with 50 topics each, one of them `state`.
        let topics = (0..<100).flatMap { device in
            (0..<49).map { "home/device\(device)/sensor\($0)/value" } + ["home/device\(device)/state"]
        }
        let index = SortedTopics(topics + ["other/x", "home", "zone/device1/state"], blinder: blinder)
        let states = index.scan(try #require(made("home/+/state")))
        #expect(states.found.count == 100)
        #expect(states.stepsCount <= 100 * 3 + 2)
        let all = index.scan(try #require(made("home/#")))
        #expect(all.found.count == 5_001)
        #expect(all.stepsCount <= 5_001 + 1)
        let one = index.scan(try #require(made("home/device7/state")))
        #expect(one.found == ["home/device7/state"])
        #expect(one.stepsCount <= 2)
        // Every sensor is a prefix that a plus stands for; none has a level `x`.
        let none = index.scan(try #require(made("+/+/+/x")))
        #expect(none.found.isEmpty)
        #expect(none.stepsCount <= 2 * (4 + 103 + 4_900 + 101) + 2)
    }

    @Test("knows a topic name from a filter with wildcards")
    func exact() throws {
        let deep = Array(repeating: "a", count: 35).joined(separator: "/")
        for filter in ["a", "/", "$SYS/uptime", deep] { #expect(try #require(made(filter)).isExact, "\(filter)") }
        for filter in ["#", "+", "a/#", "a/+/b", deep + "/#", deep + "/+"] {
            #expect(try !#require(made(filter)).isExact, "\(filter)")
        }
    }

    @Test(
        "is not made from what is no filter",
        arguments: ["", "a#", "#/a", "a/#/b", "+a", "a/b+", "a+/b", "##", "a/#b", "++"]
    )
    func invalid(_ filter: String) {
        #expect(made(filter) == nil)
        let deep = Array(repeating: "a", count: 32).joined(separator: "/")
        if !filter.isEmpty { #expect(made("\(deep)/\(filter)") == nil) }
    }

    struct Case {
        var filter: String
        var topic: String
        var isMatch: Bool
    }

    /// MQTT 5.0, 4.7.1 and 4.7.2, and what lies at the 30th level.
    @Test(
        "the specification's examples",
        arguments: [
            Case(filter: "sport/tennis/player1/#", topic: "sport/tennis/player1", isMatch: true),
            Case(filter: "sport/tennis/player1/#", topic: "sport/tennis/player1/score/wimbledon", isMatch: true),
            Case(filter: "sport/#", topic: "sport", isMatch: true),
            Case(filter: "sport/tennis/+", topic: "sport/tennis/player1/ranking", isMatch: false),
            Case(filter: "sport/+", topic: "sport", isMatch: false),
            Case(filter: "sport/+", topic: "sport/", isMatch: true),
            Case(filter: "+/+", topic: "/finance", isMatch: true),
            Case(filter: "/+", topic: "/finance", isMatch: true),
            Case(filter: "+", topic: "/finance", isMatch: false),
            Case(filter: "#", topic: "$SYS/uptime", isMatch: false),
            Case(filter: "+/uptime", topic: "$SYS/uptime", isMatch: false),
            Case(filter: "$SYS/#", topic: "$SYS/uptime", isMatch: true),
            Case(filter: "$SYS/+", topic: "$SYS/uptime", isMatch: true),
            Case(filter: "a/+", topic: "a/$SYS", isMatch: true),
        ]
    )
    func examples(_ example: Case) throws {
        let pattern = try #require(made(example.filter))
        let index = SortedTopics([example.topic], blinder: blinder)
        #expect(index.scan(pattern).found.isEmpty == !example.isMatch)
        #expect(Array(example.topic.utf8).withUnsafeBytes { pattern.matches(topic: $0) } == example.isMatch)
    }

    @Test("folded levels are looked at after opening only where a filter has wildcards among them")
    func folded() throws {
        let parent = Array(repeating: "a", count: 29).joined(separator: "/")
        let topics = ["b", "b/c", "b/c/d", "b/x/d", "b/c/d/e"].map { "\(parent)/\($0)" }
        let index = SortedTopics(topics, blinder: blinder)
        func scan(_ filter: String) throws -> (found: [String], opened: Int) {
            let scan = index.scan(try #require(made("\(parent)/\(filter)")))
            return (scan.found.sorted(), scan.openedCount)
        }
        #expect(try scan("b/c/d") == ([topics[2]], 0))
        #expect(try scan("b/#") == (topics.sorted(), 0))
        #expect(try scan("#") == (topics.sorted(), 0))
        #expect(try scan("+") == ([topics[0]], 0))
        #expect(try scan("b/+/d") == ([topics[2], topics[3]], 4))
        #expect(try scan("b/c/#") == ([topics[1], topics[2], topics[4]].sorted(), 4))
        #expect(try scan("x/+/d") == ([], 0))
    }
}

/// Topics in the order of their blind keys, as an index has them.
private struct SortedTopics {
    struct Scan {
        var found: [String] = []
        /// Keys examined.
        var stepsCount = 0
        var openedCount = 0
        var openedInVain = 0
    }

    private let entries: [(key: [UInt8], topic: String)]

    init(_ topics: [String], blinder: TopicBlinder) {
        entries = topics.map { topic in
            var key = [UInt8](repeating: 0, count: BlindTopicKey.bytesMax)
            let count = key.withUnsafeMutableBytes { key in
                Array(topic.utf8).withUnsafeBytes { blinder.blind($0, into: key) }
            }
            return (Array(key[..<count]), topic)
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    func scan(_ pattern: ScanPattern) -> Scan {
        var scan = Scan()
        var next = [UInt8](repeating: 0, count: BlindTopicKey.bytesMax)
        let count = next.withUnsafeMutableBytes { pattern.firstSeek(into: $0) }
        var position = lowerBound(of: next[..<count])
        while position < entries.count {
            let entry = entries[position]
            scan.stepsCount += 1
            let step = entry.key.withUnsafeBytes { key in
                next.withUnsafeMutableBytes { pattern.examine(key, next: $0) }
            }
            switch step {
            case .match:
                scan.found.append(entry.topic)
                position += 1
            case .matchAfterOpening:
                scan.openedCount += 1
                if Array(entry.topic.utf8).withUnsafeBytes({ pattern.matches(topic: $0) }) {
                    scan.found.append(entry.topic)
                } else {
                    scan.openedInVain += 1
                }
                position += 1
            case .skip:
                position += 1
            case .seek(let keyBytes):
                precondition(entry.key.lexicographicallyPrecedes(next[..<keyBytes]), "a seek that does not move on")
                position = lowerBound(of: next[..<keyBytes])
            case .end:
                return scan
            }
        }
        return scan
    }

    private func lowerBound(of key: ArraySlice<UInt8>) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A topic or filter, split; matching as the specification says it.
private struct NaiveTopic {
    let text: String
    let levels: [String]

    init(_ text: String) {
        self.text = text
        self.levels = text.split(separator: Character("/"), omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether this filter matches a topic.
    func matches(_ topic: NaiveTopic) -> Bool {
        if topic.text.hasPrefix("$"), levels[0] == "+" || levels[0] == "#" { return false }
        let fits = zip(levels, topic.levels).allSatisfy { $0 == "+" || $0 == "#" || $0 == $1 }
        let hasFittingDepth =
            levels.last == "#" ? topic.levels.count >= levels.count - 1 : topic.levels.count == levels.count
        return fits && hasFittingDepth
    }

    /// How many distinct prefixes of the topics end at a plus of this filter and fit it up to there.
    func prefixesCount(in topics: [NaiveTopic]) -> Int {
        var prefixes: Set<ArraySlice<String>> = []
        for topic in topics where text.hasPrefix("$") == topic.text.hasPrefix("$") {
            for (index, level) in levels.enumerated() {
                guard index < topic.levels.count else { break }
                if level == "+" {
                    prefixes.insert(topic.levels[...index])
                } else if level != topic.levels[index] {
                    break
                }
            }
        }
        return prefixes.count
    }
}
