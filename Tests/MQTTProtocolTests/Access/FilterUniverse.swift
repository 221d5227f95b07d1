/// Every filter up to a depth over a few literals, and every topic that can tell two of them apart.
///
/// Topics have one level more than any filter and one literal that no filter has, so that "every topic of the universe"
/// stands for "every topic" wherever filters of the universe are compared. The empty topic, which no client can name, is
/// among them as the parent level of `/#`.
struct FilterUniverse {
    let filters: [String]
    let topics: [String]
    /// For each filter the positions of the topics that it matches.
    let matchedTopics: [[Int]]

    init(literals: [String], dollar: String, depth: Int) {
        let levels = literals + ["+"]
        let paths = Self.paths(of: levels, first: levels + [dollar], depth: depth)
        let parents = [""] + Self.paths(of: levels, first: levels + [dollar], depth: depth - 1).map { $0 + "/" }
        let topicLevels = literals + ["other"]
        let filters = paths.filter { !$0.isEmpty } + parents.map { $0 + "#" }
        let topics = Self.paths(of: topicLevels, first: topicLevels + [dollar], depth: depth + 1)
        self.filters = filters
        self.topics = topics
        self.matchedTopics = filters.map { filter in
            topics.indices.filter { AccessOracle.matches(filter, topics[$0]) }
        }
    }

    private static func paths(of levels: [String], first: [String], depth: Int) -> [String] {
        var all: [String] = []
        var current = first
        for _ in 0..<depth {
            all += current
            current = current.flatMap { path in levels.map { "\(path)/\($0)" } }
        }
        return all
    }
}
