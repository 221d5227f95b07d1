import Synchronization

/// What the clients of one account may add to what is retained, wherever they write.
///
/// It is counted by differences from the time on when the account was first remembered: a message at an empty topic adds one, clearing a
/// topic takes one away, whoever wrote it, and less than nothing is nothing. Two clients that write to one topic at the same time may both
/// have added it.
final class RetainedAllowance: Sendable {
    private let limits: RetainedLimits
    private let state: Mutex<(count: Int, bytes: Int)>

    /// - Returns: `nil` where nothing is limited.
    init?(limits: RetainedLimits) {
        if limits.isEmpty { return nil }
        self.limits = limits
        state = Mutex((0, 0))
    }

    /// Judges a batch and commits it.
    func withLock<Result: Sendable>(_ body: (inout RetainedLedger) -> Result) -> Result {
        state.withLock { state in
            var ledger = RetainedLedger(count: state.count, bytes: state.bytes, limits: limits)
            defer { state = (ledger.count, ledger.bytes) }
            return body(&ledger)
        }
    }
}
