/// The key under which a topic stands in the store: a class byte, then one token for each level (Format.md, "Blind topics").
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | class: 1 if the topic begins with `$`, else 0 |
/// | 1 | 16 | token(0), the namespace |
/// | 17 | 16 | token(1) … |
///
/// At most 30 tokens stand for a level each; a 31st stands for all levels from the 31st on. Keys of class 2 are those of
/// sessions (``SessionKey``), whose first token is a namespace, too.
enum BlindTopicKey {
    static let tokenBytes = 16
    /// Levels with a token of their own.
    static let levelTokensMax = 30
    static let bytesMin = 1 + tokenBytes
    static let bytesMax = 1 + (levelTokensMax + 1) * tokenBytes

    /// The length of the key of a topic with so many levels.
    static func bytes(levels: Int) -> Int {
        1 + min(levels, levelTokensMax + 1) * tokenBytes
    }

    /// token(0) of a key.
    @inline(__always)
    static func namespace(of key: UnsafeRawBufferPointer) -> NamespaceToken {
        key.loadLittleEndian(at: 1)
    }

    /// Whether a key can be a topic's, or a session record's, at all.
    static func isWellFormed(_ key: UnsafeRawBufferPointer) -> Bool {
        guard (bytesMin...bytesMax).contains(key.count), (key.count - 1).isMultiple(of: tokenBytes) else {
            return false
        }
        return key[0] <= 1 || (key[0] == SessionKey.classByte && key.count == SessionKey.bytes)
    }
}
