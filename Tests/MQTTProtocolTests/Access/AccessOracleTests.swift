import MQTTProtocol
import Testing

/// Random lists, clients and topics: the compiled rules answer as the literal reading of the file does.
struct AccessOracleTests {
    /// Filters and topics from a small vocabulary, so that random ones often meet.
    struct Vocabulary {
        static let names: [String?] = [nil, "", "a", "b", "a/b", "$a", "$SYS", "+", "a#", "%u", "%c"]

        var generator: SeededGenerator

        mutating func topic() -> String {
            let levels = ["a", "b", "c", "", "$a", "%u", "%c", "$SYS", "$share", "state"]
            let topic = (0..<Int.random(in: 1...4, using: &generator)).map { _ in pick(levels) }.joined(separator: "/")
            return topic.isEmpty ? "a" : topic
        }

        mutating func filter() -> String {
            let levels = ["a", "b", "", "$a", "%u", "%c", "x%u", "+", "+", "$SYS"]
            var chosen = (0..<Int.random(in: 0...3, using: &generator)).map { _ in pick(levels) }
            if chosen.isEmpty || Int.random(in: 0..<3, using: &generator) == 0 { chosen.append("#") }
            let filter = chosen.joined(separator: "/")
            return filter.isEmpty ? "+" : filter
        }

        mutating func rules() -> [AccessRule] {
            (0..<Int.random(in: 0...6, using: &generator)).map { index in
                let subjects: [AccessRule.Subject] = [.anonymous, .everybody, .everybody]
                let users = Self.names.compactMap { $0 }.map { AccessRule.Subject.user(Array($0.utf8)) }
                return AccessRule(
                    subject: pick(subjects + users),
                    permission: pick(AccessRule.Permission.allCases),
                    filter: Array(filter().utf8),
                    line: index + 1
                )
            }
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &generator)]
        }
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 1, 2])
    func compiledRulesDecideAsTheFileReads(seed: UInt64) {
        var random = Vocabulary(generator: SeededGenerator(seed: seed))
        for _ in 0..<1500 {
            let rules = random.rules()
            let user = random.pick(Vocabulary.names)
            let client = random.pick(Vocabulary.names) ?? "c"
            let view = AccessRules(rules).view(userName: user.map { Array($0.utf8) }, clientID: Array(client.utf8))
            let oracle = AccessOracle(rules: rules, userName: user, clientID: client)
            for _ in 0..<12 {
                let topic = random.topic()
                for kind in AccessKind.allCases {
                    let expected = oracle.decision(kind, topic)
                    let decided = view.decision(kind, topic)
                    #expect(
                        decided == expected,
                        "seed \(seed): \(rules) user \(user ?? "-") client \(client) \(kind) \(topic)"
                    )
                    #expect(view.allows(kind, topic) == expected.isAllowed, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 3, 4])
    func strictSubscriptionsReachOnlyWhatMayBeReadOrIsDeniedInside(seed: UInt64) throws {
        var random = Vocabulary(generator: SeededGenerator(seed: seed))
        let universe = FilterUniverse(literals: ["a", "b", ""], dollar: "$a", depth: 3)
        for _ in 0..<60 {
            let rules = random.rules()
            let user = random.pick(Vocabulary.names)
            let view = AccessRules(rules).view(userName: user.map { Array($0.utf8) }, clientID: [UInt8(ascii: "b")])
            let oracle = AccessOracle(rules: rules, userName: user, clientID: "b")
            let readable = universe.topics.map { oracle.decision(.read, $0).isAllowed || oracle.isDenied($0) }
            for (index, filter) in universe.filters.enumerated() where try view.subscribe(filter) == .granted {
                let reached = universe.matchedTopics[index]
                let beyond = reached.first { !readable[$0] }
                #expect(
                    beyond == nil,
                    "seed \(seed): \(rules) user \(user ?? "-") \(filter) reaches \(beyond.map { universe.topics[$0] } ?? "")"
                )
            }
        }
    }

    /// Every list of two rules, a deny or a read in front of a read, over every small filter.
    ///
    /// What is granted reaches only what may be read or is denied inside. What is refused although the list allows all of it is covered by
    /// both rules together and by neither alone; the refusals of this kind are `REST/#` by `REST` and `REST/+/#`, or by the likes of them.
    @Test(arguments: [(["a"], 2, Set<String>()), ([String](), 3, refusedUnions)])
    func listsOfTwoRulesNeverGrantTooMuchAndRefuseOnlyUnions(
        literals: [String],
        depth: Int,
        refused: Set<String>
    ) throws {
        let universe = FilterUniverse(literals: literals, dollar: "$a", depth: depth)
        var unions: Set<String> = []
        for first in universe.filters {
            for second in universe.filters {
                for word in ["read", "deny"] {
                    let lines = ["topic \(word) \(first)", "topic read \(second)"]
                    let view = IdentityAccess.of(lines, user: nil)
                    let oracle = AccessOracle(rules: AccessList(lines).rules, userName: nil, clientID: "client")
                    let isReadable = universe.topics.map { oracle.decision(.read, $0).isAllowed }
                    let isDenied = universe.topics.map { oracle.isDenied($0) }
                    for (index, filter) in universe.filters.enumerated() {
                        let reached = universe.matchedTopics[index]
                        if try view.subscribe(filter) == .granted {
                            #expect(reached.allSatisfy { isReadable[$0] || isDenied[$0] }, "\(lines): \(filter)")
                        } else if !reached.isEmpty, reached.allSatisfy({ isReadable[$0] }) {
                            unions.insert("\(filter) by \([first, second].sorted().joined(separator: " and "))")
                        }
                    }
                }
            }
        }
        #expect(unions == refused)
    }

    /// All unions of two filters of at most three levels without other literals that cover a third one which neither covers.
    private static let refusedUnions: Set<String> = [
        "# by + and +/+/#", "+/# by + and +/+/#", "$a/# by $a and $a/+/#",
    ]

    @Test func aSingleRuleCoversExactlyTheFiltersInsideIt() throws {
        let universe = FilterUniverse(literals: ["a", ""], dollar: "$a", depth: 3)
        for (outer, outerMatches) in zip(universe.filters, universe.matchedTopics) {
            let covered = Set(outerMatches)
            let view = IdentityAccess.of(["topic read \(outer)"], user: nil)
            let denied = IdentityAccess.of(["topic read #", "topic read $a/#", "topic deny \(outer)"], user: nil)
            for (inner, innerMatches) in zip(universe.filters, universe.matchedTopics) {
                let isInside = innerMatches.allSatisfy(covered.contains)
                #expect(try (view.subscribe(inner) == .granted) == isInside, "\(inner) inside \(outer)")
                #expect(try (denied.subscribe(inner) == .refused) == isInside, "\(inner) inside denied \(outer)")
            }
        }
    }
}
