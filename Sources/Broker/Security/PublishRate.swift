/// How fast somebody may publish, in messages and in bytes, over all of its connections.
///
/// It belongs to the register of users or of addresses, which makes it; each connection asks it for every PUBLISH, on its own event loop and without
/// a lock.
final class PublishRate: Sendable {
    private let messages: TokenRate?
    private let bytes: TokenRate?

    /// - Returns: `nil` where neither is limited.
    init?(messagesPerSecond: Int?, bytesPerSecond: Int?) {
        guard messagesPerSecond != nil || bytesPerSecond != nil else { return nil }
        messages = messagesPerSecond.map(TokenRate.init)
        bytes = bytesPerSecond.map(TokenRate.init)
    }

    /// Milliseconds until a message may be published; 0: now.
    func wait(now: UInt64) -> UInt64 {
        max(messages?.wait(now: now) ?? 0, bytes?.wait(now: now) ?? 0)
    }

    /// A message is published.
    ///
    /// - Parameter byteCount: of its packet.
    /// - Returns: whether the whole burst had been there.
    func take(byteCount: Int, now: UInt64) -> Bool {
        let wasFull = messages?.take(1, now: now) ?? true
        return (bytes?.take(byteCount, now: now) ?? true) && wasFull
    }

    /// Whether nothing is owed.
    func isFull(now: UInt64) -> Bool { messages?.isFull(now: now) != false && bytes?.isFull(now: now) != false }
}
