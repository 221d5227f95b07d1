extension TopicFilter {
    /// Whether `filter` matches `topic` (4.7.1, 4.7.2), both as raw bytes.
    ///
    /// Works level by level without allocating: `+` is one level, `#` is all the rest including the parent level, and
    /// a filter that begins with a wildcard does not match a topic that begins with `$` [MQTT-4.7.2-1].
    ///
    /// - Parameters:
    ///   - filter: a valid topic filter without `$share/NAME/`.
    ///   - topic: a valid topic name.
    public static func matches(filter: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer) -> Bool {
        let plus = UInt8(ascii: "+")
        let hash = UInt8(ascii: "#")
        let slash = UInt8(ascii: "/")
        guard let filterFirst = filter.first, let topicFirst = topic.first else { return false }
        if topicFirst == UInt8(ascii: "$"), filterFirst == plus || filterFirst == hash { return false }

        var inFilter = 0
        var inTopic = 0
        while inFilter < filter.count {
            let byte = filter[inFilter]
            if byte == hash { return true }
            if byte == plus {
                while inTopic < topic.count, topic[inTopic] != slash { inTopic += 1 }
                inFilter += 1
            } else if inTopic < topic.count, topic[inTopic] == byte {
                inTopic += 1
                inFilter += 1
            } else {
                // `a/#` matches its parent level `a`.
                return inTopic == topic.count && byte == slash && inFilter + 2 == filter.count
                    && filter[inFilter + 1] == hash
            }
        }
        return inTopic == topic.count
    }
}
