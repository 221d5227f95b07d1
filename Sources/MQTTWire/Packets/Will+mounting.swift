extension Will {
    /// The will with `mountPoint` in front of its topic.
    ///
    /// - Returns: nil if the topic becomes too long or too deep: then it is no topic to anybody.
    public func mounted(at mountPoint: [UInt8]) -> Will? {
        if mountPoint.isEmpty { return self }
        guard let topic = try? TopicName(bytes: mountPoint + topic.bytes) else { return nil }
        var will = self
        will.topic = topic
        return will
    }
}
