extension TopicFilter {
    /// The filter with `mountPoint` in front of its topics, behind the share name where there is one.
    ///
    /// - Returns: nil if the filter becomes too long or too deep.
    public func mounted(at mountPoint: [UInt8]) -> TopicFilter? {
        if mountPoint.isEmpty { return self }
        return try? TopicFilter(bytes: bytes[..<matchedOffset] + mountPoint + bytes[matchedOffset...])
    }
}
