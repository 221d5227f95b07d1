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
    mutating func replace(_ old: Int?, by new: Int?) {
        let next = next(old, new)
        count = max(0, next.count)
        bytes = max(0, next.bytes)
    }

    /// Whether a topic may get another message, or none: what grows beyond a limit is refused, what shrinks never is.
    mutating func hasRoom(for new: Int?, insteadOf old: Int?) -> Bool {
        let next = next(old, new)
        let isRefused =
            isKnown
            && (next.count > count && next.count > limits.countMax ?? .max
                || next.bytes > bytes && next.bytes > limits.bytesMax ?? .max)
        if isRefused { hasRefused = true }
        return !isRefused
    }

    private func next(_ old: Int?, _ new: Int?) -> (count: Int, bytes: Int) {
        (count - (old == nil ? 0 : 1) + (new == nil ? 0 : 1), bytes - (old ?? 0) + (new ?? 0))
    }

    /// What was let in was not committed.
    mutating func restore(_ other: RetainedLedger) {
        count = other.count
        bytes = other.bytes
    }
}
