/// A valid topic filter (4.7 Topic Names and Topic Filters), possibly of a shared subscription (4.8.2).
///
/// Filters are equal if their bytes are: `$share/g/a` and `a` are different filters that match the same topics.
public struct TopicFilter: Sendable, Hashable {
    /// The whole filter, `$share/NAME/` included.
    public let bytes: [UInt8]

    /// Where the filter that topics are matched with begins: 0, or behind `$share/NAME/`.
    public let matchedOffset: Int

    /// Takes `bytes` if they are a valid topic filter.
    ///
    /// - Throws: `topicFilterMalformed`, `textMalformed`, `topicFilterTooDeep`; `fieldTruncated` for more bytes than a
    ///   packet can carry.
    public init(bytes: some Sequence<UInt8>) throws(DecodingError) {
        self.bytes = Array(bytes)
        matchedOffset = try self.bytes.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
            try TopicFilter.validate(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Takes the bytes of `string` if they are a valid topic filter.
    ///
    /// - Throws: what `init(bytes:)` throws.
    public init(_ string: String) throws(DecodingError) {
        try self.init(bytes: string.utf8)
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
        matchedOffset = 0
    }

    /// Whether this is a shared subscription (4.8.2).
    public var isShared: Bool { matchedOffset != 0 }

    /// The share name between `$share/` and the next `/`; nil where the subscription is not shared.
    public var shareName: UTF8String? {
        guard isShared else { return nil }
        return bytes.withUnsafeBytes { bytes in
            let name = bytes[TopicFilter.sharePrefix.utf8.count..<matchedOffset - 1]
            return UTF8String(copying: UnsafeRawBufferPointer(rebasing: name))
        }
    }

    /// The filter that topics are matched with: without `$share/NAME/`.
    public var matchedFilter: TopicFilter {
        isShared ? TopicFilter(unchecked: Array(bytes[matchedOffset...])) : self
    }

    /// Whether there is a wildcard in the filter.
    public var hasWildcard: Bool {
        bytes[matchedOffset...].contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }
    }

    /// Calls `body` with the bytes of the filter that topics are matched with.
    @inlinable
    public func withMatchedBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[matchedOffset...]))
        }
    }

    /// Whether `topic` is matched.
    ///
    /// - Parameter topic: a valid topic name.
    public func matches(topic: UnsafeRawBufferPointer) -> Bool {
        withMatchedBytes { filter in TopicFilter.matches(filter: filter, topic: topic) }
    }

    static let sharePrefix = "$share/"
}

extension TopicFilter: ExpressibleByStringLiteral {
    /// A topic filter in source code; an invalid one is a programmer's error and traps.
    public init(stringLiteral value: String) {
        do {
            try self.init(value)
        } catch {
            preconditionFailure("not a topic filter: \(error)")
        }
    }
}
