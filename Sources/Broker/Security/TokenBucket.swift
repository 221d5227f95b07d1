/// A rate with a burst: tokens flow in at a constant rate up to a capacity, and each event takes one.
struct TokenBucket {
    private let capacity: Double
    private let perMillisecond: Double
    private var tokens: Double
    private var filledAt: UInt64

    /// A full bucket.
    ///
    /// - Parameters:
    ///   - capacity: the events that may come at once.
    ///   - milliseconds: how long an empty bucket takes to be full.
    ///   - now: monotonic milliseconds.
    init(capacity: Int, fillsInMilliseconds milliseconds: Int, now: UInt64) {
        self.capacity = Double(capacity)
        perMillisecond = Double(capacity) / Double(milliseconds)
        tokens = Double(capacity)
        filledAt = now
    }

    /// Takes a token.
    ///
    /// - Returns: `false` when there is none.
    mutating func take(now: UInt64) -> Bool {
        fill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether nothing was taken for so long that a new bucket would be the same.
    mutating func isFull(now: UInt64) -> Bool {
        fill(now)
        return tokens >= capacity
    }

    private mutating func fill(_ now: UInt64) {
        // The clocks of two loops may be read in one order and used in the other.
        guard now > filledAt else { return }
        tokens = min(capacity, tokens + Double(now - filledAt) * perMillisecond)
        filledAt = now
    }
}
