import MQTTWire
import Testing

@Suite("Matching (4.7.1, 4.7.2)")
struct TopicFilterMatchingTests {
    /// The examples of 4.7.1.2, 4.7.1.3 and 4.7.2.
    @Test(
        arguments: [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/tennis/player1/#", "sport/tennis/player12", false),
            ("sport/#", "sport", true),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player2", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/monitor/Clients", false),
            ("+/monitor/Clients", "$SYS/monitor/Clients", false),
            ("$SYS/#", "$SYS/monitor/Clients", true),
            ("$SYS/#", "$SYS", true),
            ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
            ("a/#", "a/$SYS", true),
            ("$share/g/sport/#", "sport/tennis", true),
            ("$share/g/#", "$SYS/a", false),
            ("ACCOUNTS", "Accounts", false),
            ("a/b", "a/bc", false),
            ("a/bc", "a/b", false),
            ("#", "/", true),
            ("a/+/c/#", "a//c", true),
        ] as [(TopicFilter, TopicName, Bool)]
    )
    func examples(_ filter: TopicFilter, _ topic: TopicName, _ isMatch: Bool) {
        #expect(topic.bytes.withUnsafeBytes { filter.matches(topic: $0) } == isMatch)
    }

    @Test("Every filter of up to five characters against every topic of up to five, by a naive second opinion")
    func everySmallFilter() throws {
        let filters = texts(over: ["a", "$", "/", "+", "#"], upTo: 5).compactMap { text -> TopicFilter? in
            let filter = try? TopicFilter(text)
            #expect((filter != nil) == isValid(text), "\(text)")
            return filter
        }
        let topics = try texts(over: ["a", "$", "/"], upTo: 5).map { try TopicName($0) }
        #expect(filters.count > 300 && topics.count == 363)
        let splitFilters = filters.map { levels($0.bytes) }
        let splitTopics = topics.map { levels($0.bytes) }
        for (filter, filterLevels) in zip(filters, splitFilters) {
            for (topic, topicLevels) in zip(topics, splitTopics) {
                let isMatch = topic.bytes.withUnsafeBytes { filter.matches(topic: $0) }
                if isMatch != naiveMatch(filterLevels[...], topicLevels[...]) {
                    Issue.record("\(filterLevels) \(topicLevels): \(isMatch)")
                }
            }
        }
    }

    private func texts(over alphabet: [String], upTo count: Int) -> [String] {
        var texts = [""]
        var all: [String] = []
        for _ in 0..<count {
            texts = texts.flatMap { text in alphabet.map { text + $0 } }
            all += texts
        }
        return all
    }

    private func levels(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func isValid(_ filter: String) -> Bool {
        let levels = levels(Array(filter.utf8))
        return levels.enumerated().allSatisfy { index, level in
            switch level {
            case "+": true
            case "#": index == levels.count - 1
            default: !level.contains("+") && !level.contains("#")
            }
        }
    }

    private func naiveMatch(_ filter: ArraySlice<String>, _ topic: ArraySlice<String>, isFirst: Bool = true) -> Bool {
        guard let level = filter.first else { return topic.isEmpty }
        let isHidden = isFirst && topic.first?.hasPrefix("$") == true
        if level == "#" { return !isHidden }
        guard let topicLevel = topic.first else { return false }
        guard level == topicLevel || level == "+" && !isHidden else { return false }
        return naiveMatch(filter.dropFirst(), topic.dropFirst(), isFirst: false)
    }
}
