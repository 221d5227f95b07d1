extension TopicFilter {
    /// Checks that `bytes` are a topic filter.
    ///
    /// - Returns: where the filter that topics are matched with begins: 0, or behind `$share/NAME/`.
    /// - Throws: `topicFilterMalformed`, `textMalformed`, `topicFilterTooDeep`, `fieldTruncated`.
    static func validate(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) -> Int {
        guard bytes.count <= WireLimits.stringBytesMax else { throw DecodingError(.fieldTruncated) }
        guard UTF8Validation.isName(bytes) else { throw DecodingError(.textMalformed) }
        let offset = try matchedOffset(in: bytes)
        let matched = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        guard !matched.isEmpty else { throw DecodingError(.topicFilterMalformed) }

        var levels = TopicLevels(in: matched)
        while let level = levels.next() {
            for byte in level where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") {
                // A wildcard fills its level [MQTT-4.7.1-2], and `#` is the last one [MQTT-4.7.1-1].
                guard level.count == 1, byte == UInt8(ascii: "+") || levels.isFinished else {
                    throw DecodingError(.topicFilterMalformed)
                }
            }
        }
        guard !TopicName.isTooDeep(matched) else { throw DecodingError(.topicFilterTooDeep) }
        return offset
    }

    /// Where the matched filter begins; the name in front of it must be one [MQTT-4.8.2-1], [MQTT-4.8.2-2].
    private static func matchedOffset(in bytes: UnsafeRawBufferPointer) throws(DecodingError) -> Int {
        guard bytes.starts(with: sharePrefix.utf8) else { return 0 }
        let name = bytes[sharePrefix.utf8.count...].prefix { $0 != UInt8(ascii: "/") }
        guard !name.isEmpty, name.endIndex < bytes.count,
            !name.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") })
        else {
            throw DecodingError(.topicFilterMalformed)
        }
        return name.endIndex + 1
    }
}
