/// The key under which a record of a session stands in the store (Format.md, "Sessions").
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | class: 2 |
/// | 1 | 16 | the namespace of the topic for a message that waits and for a will; else zero |
/// | 17 | 16 | session, random |
/// | 33 | 16 | SipHash-2-4-128(sessions key, session ‖ kind ‖ number ‖ name), the name for subscriptions only |
///
/// The namespace stands first, as in every key, so that what finds, re-seals and shreds a namespace's records finds those
/// of sessions, too.
enum SessionKey {
    static let classByte: UInt8 = 2
    static let bytes = 1 + 3 * BlindTopicKey.tokenBytes
    static let sessionOffset = 1 + BlindTopicKey.tokenBytes
    static let recordOffset = 1 + 2 * BlindTopicKey.tokenBytes

    /// The session of a key.
    static func session(of key: UnsafeRawBufferPointer) -> UInt128 {
        key.loadLittleEndian(at: sessionOffset)
    }

    /// Calls `body` with what no key of a session comes before, and every topic's key does.
    static func withFirst<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let first = [classByte]
        let span = first.span
        return try span.withUnsafeBytes { key throws(Failure) in try body(key) }
    }
}
