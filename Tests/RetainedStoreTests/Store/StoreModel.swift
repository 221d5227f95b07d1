@testable import RetainedStore

/// What a store should hold: the plainest thing that behaves like one.
struct StoreModel: Equatable {
    /// Payload by topic.
    private(set) var retained: [String: String] = [:]

    mutating func apply(_ topic: String, _ payload: String?) {
        retained[topic] = payload
    }

    /// What a filter matches, by the literal reading of the specification (MQTT 5.0, 4.7).
    func scan(_ filter: String) -> [String: String] {
        retained.filter { topic, _ in Self.matches(filter, topic) }
    }

    static func matches(_ filter: String, _ topic: String) -> Bool {
        let filterLevels = filter.split(separator: "/", omittingEmptySubsequences: false)
        let topicLevels = topic.split(separator: "/", omittingEmptySubsequences: false)
        if topic.hasPrefix("$"), filter.hasPrefix("+") || filter.hasPrefix("#") { return false }
        for (index, level) in filterLevels.enumerated() {
            if level == "#" { return true }
            guard index < topicLevels.count, level == "+" || level == topicLevels[index] else { return false }
        }
        return filterLevels.count == topicLevels.count
    }
}

/// Random topics and filters over few levels and words, so that they meet.
struct RandomTopics {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func topic() -> String {
        let words = ["a", "b", "c", "", "long-word-in-a-topic", "$x", "ü"]
        let levels = Int.random(in: 1...5, using: &random)
        let topic = (0..<levels).map { _ in words.randomElement(using: &random) ?? "a" }.joined(separator: "/")
        return topic.isEmpty ? "a" : topic
    }

    mutating func filter() -> String {
        var levels = topic().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for index in levels.indices where Int.random(in: 0..<3, using: &random) == 0 { levels[index] = "+" }
        if Int.random(in: 0..<3, using: &random) == 0 { levels[levels.count - 1] = "#" }
        return levels.joined(separator: "/")
    }

    /// A batch of sets and clears.
    mutating func batch(upTo count: Int) -> [(topic: String, payload: String?)] {
        (0..<Int.random(in: 1...count, using: &random)).map { _ in
            let isClear = Int.random(in: 0..<4, using: &random) == 0
            return (topic(), isClear ? nil : "\(random.next() % 100_000)")
        }
    }
}
