/// Random topics and filters from few words, so that they meet.
struct TopicVocabulary {
    var random: SeededGenerator
    /// Words of levels; several empty ones would make `a//b`.
    var words = ["a", "b", "c", "d", "", "é", "$SYS", "a-longer-level-name"]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    private mutating func word() -> String {
        words[Int.random(in: words.indices, using: &random)]
    }

    /// A topic of 1 to 40 levels, most of them short.
    mutating func topic() -> String {
        while true {
            let depth =
                switch Int.random(in: 0..<20, using: &random) {
                case 0: Int.random(in: 28...40, using: &random)
                case 1..<4: Int.random(in: 5...12, using: &random)
                default: Int.random(in: 1...4, using: &random)
                }
            var levels = (0..<depth).map { _ in word() }
            // Deep topics differ late, so that their folded levels are what tells them apart.
            if depth > 12 { for index in 0..<27 { levels[index] = "a" } }
            let topic = levels.joined(separator: "/")
            if !topic.isEmpty { return topic }
        }
    }

    /// A filter: a topic in which levels have become wildcards.
    mutating func filter(from topics: [String]) -> String {
        let isKnown = Int.random(in: 0..<4, using: &random) > 0
        let topic = isKnown ? topics[Int.random(in: topics.indices, using: &random)] : topic()
        var levels = topic.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let share = Int.random(in: 0...3, using: &random)
        for index in levels.indices where Int.random(in: 0..<4, using: &random) < share { levels[index] = "+" }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: levels.append("#")
        case 1:
            levels.removeLast(Int.random(in: 0..<levels.count, using: &random))
            levels.append("#")
        case 2: levels[levels.count - 1] = "#"
        default: break
        }
        return levels.joined(separator: "/")
    }
}
