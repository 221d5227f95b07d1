import Dispatch
import RetainedStore
import Synchronization

/// Lets threads wait until what they committed is durable.
final class DurabilityGate: Sendable {
    /// A thread that waits for an LSN.
    private struct Waiter {
        let lsn: UInt64
        let semaphore: DispatchSemaphore
    }

    private struct State {
        var durable: UInt64 = 0
        var failure: StoreError?
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    /// Listens to a store from now on.
    init(_ store: RetainedStore) {
        state.withLock { $0.durable = store.durableLSN }
        store.onProgress { [self] progress in
            state.withLock { state in
                switch progress {
                case .durable(let lsn): state.durable = max(state.durable, lsn)
                case .failed(let error): state.failure = error
                case .relieved: return
                }
                let isOver = state.failure != nil
                for waiter in state.waiters where isOver || waiter.lsn <= state.durable { waiter.semaphore.signal() }
                state.waiters.removeAll { isOver || $0.lsn <= state.durable }
            }
        }
    }

    /// Returns when everything up to an LSN may be acknowledged.
    func wait(for lsn: UInt64) throws(StoreError) {
        let semaphore = DispatchSemaphore(value: 0)
        let isDone = state.withLock { state in
            if state.failure != nil || state.durable >= lsn { return true }
            state.waiters.append(Waiter(lsn: lsn, semaphore: semaphore))
            return false
        }
        if !isDone { semaphore.wait() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
