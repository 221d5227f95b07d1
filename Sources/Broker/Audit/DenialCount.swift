/// Denied publications of one connection: the first is told at once, the following once a minute as a number, so that nobody fills a disk by being denied.
struct DenialCount {
    /// Between two tellings.
    static let milliseconds: UInt64 = 60_000

    private var count = 0
    private var toldAt: UInt64?

    /// Another one.
    ///
    /// - Parameter now: monotonic milliseconds.
    /// - Returns: how many to tell of now; `nil`: wait.
    mutating func add(now: UInt64) -> Int? {
        count += 1
        if let toldAt, now < toldAt + Self.milliseconds { return nil }
        toldAt = now
        return take()
    }

    /// Those that were not told; `nil` where there are none.
    mutating func take() -> Int? {
        defer { count = 0 }
        return count == 0 ? nil : count
    }
}
