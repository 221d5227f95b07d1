/// A valid topic name (4.7 Topic Names and Topic Filters).
///
/// The hot path works on raw bytes and uses `TopicName.validate`; a value of this type owns its bytes.
public struct TopicName: Sendable, Hashable {
    public let bytes: [UInt8]

    /// Takes `bytes` if they are a valid topic name.
    ///
    /// - Throws: what `validate` throws.
    public init(bytes: some Sequence<UInt8>) throws(DecodingError) {
        self.bytes = Array(bytes)
        try self.bytes.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
            try TopicName.validate(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Takes the bytes of `string` if they are a valid topic name.
    ///
    /// - Throws: what `validate` throws.
    public init(_ string: String) throws(DecodingError) {
        try self.init(bytes: string.utf8)
    }

    /// Checks that `bytes` are a topic name: 1…65,535 bytes of UTF-8 without control characters and wildcards, in at
    /// most `WireLimits.topicLevelsMax` levels.
    ///
    /// - Throws: `topicNameMissing`, `topicNameHasWildcard`, `textMalformed`, `topicNameTooDeep`; `fieldTruncated`
    ///   for more bytes than a packet can carry.
    public static func validate(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) {
        guard !bytes.isEmpty else { throw DecodingError(.topicNameMissing) }
        guard bytes.count <= WireLimits.stringBytesMax else { throw DecodingError(.fieldTruncated) }
        guard UTF8Validation.isNameWithoutWildcards(bytes) else {
            throw DecodingError(UTF8Validation.isName(bytes) ? .topicNameHasWildcard : .textMalformed)
        }
        guard !isTooDeep(bytes) else { throw DecodingError(.topicNameTooDeep) }
    }

    /// Whether `bytes` have more than `WireLimits.topicLevelsMax` levels; a short topic cannot.
    static func isTooDeep(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= WireLimits.topicLevelsMax else { return false }
        return bytes.reduce(into: 1) { levels, byte in levels += byte == UInt8(ascii: "/") ? 1 : 0 }
            > WireLimits.topicLevelsMax
    }
}

extension TopicName: ExpressibleByStringLiteral {
    /// A topic name in source code; an invalid one is a programmer's error and traps.
    public init(stringLiteral value: String) {
        do {
            try self.init(value)
        } catch {
            preconditionFailure("not a topic name: \(error)")
        }
    }
}
