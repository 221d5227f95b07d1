internal import Synchronization

/// Tasks that wait for an LSN to be durable.
final class DurabilityWaiters: Sendable {
    private struct Waiter {
        var lsn: UInt64
        var continuation: CheckedContinuation<StoreError?, Never>
    }

    private struct State {
        var waiters: [Waiter] = []
        /// Why nothing that is not durable yet ever will be.
        var end: StoreError?
    }

    private let state = Mutex(State())

    /// Adds a waiter, or answers it at once.
    func add(
        _ continuation: CheckedContinuation<StoreError?, Never>,
        for lsn: UInt64,
        isDurable: () -> Bool
    ) {
        let answer = state.withLock { state -> StoreError?? in
            // Looked at behind the lock: what becomes durable later finds the waiter.
            if isDurable() { return .some(nil) }
            if let end = state.end { return .some(end) }
            state.waiters.append(Waiter(lsn: lsn, continuation: continuation))
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    /// Answers those whose LSN is durable.
    func progressed(to lsn: UInt64) {
        let due = state.withLock { state in
            let due = state.waiters.filter { $0.lsn <= lsn }
            if !due.isEmpty { state.waiters.removeAll { $0.lsn <= lsn } }
            return due
        }
        for waiter in due { waiter.continuation.resume(returning: nil) }
    }

    /// Answers everybody: nothing more becomes durable.
    func end(_ error: StoreError) {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            if state.end == nil { state.end = error }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: error) }
    }
}
