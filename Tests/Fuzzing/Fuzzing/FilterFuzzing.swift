import MQTTWire

/// Topic filters: a filter, a line end, a topic. What matches is compared with a matcher that is slow and plain.
enum FilterFuzzing {
    static func read(_ bytes: UnsafeRawBufferPointer) {
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let filter = try? TopicFilter(bytes: parts[0]) else { return }
        precondition(filter.bytes == Array(parts[0]), "a filter has changed its bytes")
        guard parts.count == 2, let topic = try? TopicName(bytes: parts[1]) else { return }
        let matched = filter.withMatchedBytes { Array($0) }
        let expected = matches(levels(matched), levels(topic.bytes))
        let found = topic.bytes.withUnsafeBytes { filter.matches(topic: $0) }
        precondition(found == expected, "\(filter) and \(topic): \(found) is wrong")
        let unchecked = matched.withUnsafeBytes { filter in
            topic.bytes.withUnsafeBytes { TopicFilter.matches(filter: filter, topic: $0) }
        }
        precondition(unchecked == expected, "two ways of matching differ")
    }

    private static func levels(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }

    /// MQTT 5.0, 4.7.
    private static func matches(_ filter: [ArraySlice<UInt8>], _ topic: [ArraySlice<UInt8>]) -> Bool {
        let (many, one) = (Array("#".utf8)[...], Array("+".utf8)[...])
        if topic[0].first == UInt8(ascii: "$"), filter[0] == many || filter[0] == one { return false }
        for (index, level) in filter.enumerated() {
            // It stands for its parent, too.
            if level == many { return true }
            guard index < topic.count, level == one || level == topic[index] else { return false }
            if index == filter.count - 2, topic.count == index + 1, filter[index + 1] == many { return true }
        }
        return filter.count == topic.count
    }
}
