/// What a namespace, a user or an address has retained, while a batch is judged.
struct RetainedLedger {
    private(set) var count: Int
    private(set) var bytes: Int
    let limits: RetainedLimits
    /// Whether the numbers are known; else everything is let in.
    var isKnown = true
    private(set) var hasRefused = false

    init(count: Int = 0, bytes: Int = 0, limits: RetainedLimits = RetainedLimits()) {
        self.count = count
        self.bytes = bytes
        self.limits = limits
    }

    /// A topic gets another message, or none.
    ///
    /// - Parameters:
    ///   - old: bytes of the message that it has; `nil` for none.
    ///   - new: bytes of the message that it gets; `nil` for none.
    /// - Returns: `false` if there is no room: what grows beyond a limit is refused, what shrinks never is.
    mutating func replace(_ old: Int?, by new: Int?) -> Bool {
        let nextCount = count - (old == nil ? 0 : 1) + (new == nil ? 0 : 1)
        let nextBytes = bytes - (old ?? 0) + (new ?? 0)
        if isKnown,
            nextCount > count && nextCount > limits.countMax ?? .max
                || nextBytes > bytes && nextBytes > limits.bytesMax ?? .max
        {
            hasRefused = true
            return false
        }
        count = max(0, nextCount)
        bytes = max(0, nextBytes)
        return true
    }

    /// What was let in was not committed.
    mutating func restore(_ other: RetainedLedger) {
        count = other.count
        bytes = other.bytes
    }
}
