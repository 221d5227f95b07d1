import MQTTWire

/// The levels of a filter that are `+`: what decides how many paths through the trie a topic opens.
struct WildcardShape: Hashable {
    private var low: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var high: UInt64 = 0

    /// - Returns: nil for a filter without `+`, which adds to the one path that every topic has.
    init?(_ filter: TopicFilter) {
        precondition(WireLimits.topicLevelsMax <= 256, "a bit for each level")
        var isEmpty = true
        filter.withMatchedBytes { bytes in
            for (number, level) in TopicLevels(in: bytes).enumerated()
            where level.count == 1 && level[0] == UInt8(ascii: "+") {
                isEmpty = false
                let bit: UInt64 = 1 << UInt64(number % 64)
                switch number / 64 {
                case 0: low |= bit
                case 1: second |= bit
                case 2: third |= bit
                default: high |= bit
                }
            }
        }
        if isEmpty { return nil }
    }
}
