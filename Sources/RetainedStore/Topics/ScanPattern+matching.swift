extension ScanPattern {
    /// Whether a topic filter matches a topic name (MQTT 5.0, 4.7.1 and 4.7.2).
    static func matches(filter: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer) -> Bool {
        let isWildcardFirst = filter.first == UInt8(ascii: "+") || filter.first == UInt8(ascii: "#")
        if isWildcardFirst, topic.first == UInt8(ascii: "$") { return false }
        var topicLevels = TopicLevels(topic)
        for filterLevel in TopicLevels(filter) {
            let expected = filter[filterLevel]
            // A `#` stands for the parent level too.
            if expected.elementsEqual(CollectionOfOne(UInt8(ascii: "#"))) { return true }
            guard let topicLevel = topicLevels.next() else { return false }
            if expected.elementsEqual(CollectionOfOne(UInt8(ascii: "+"))) { continue }
            guard expected.elementsEqual(topic[topicLevel]) else { return false }
        }
        return topicLevels.next() == nil
    }
}
