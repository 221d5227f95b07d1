import Synchronization

/// Counts the connections of each listener, so that `max_connections` holds across event loops, and of all of them, for
/// `global_max_connections`.
final class ConnectionCounter: Sendable {
    private let counts = Mutex<[Listener.Endpoint: Int]>([:])
    private let countMax: Int

    /// - Parameter countMax: over all listeners; `nil` for no limit.
    init(countMax: Int?) {
        self.countMax = countMax ?? .max
    }

    /// Whether another connection may come in; if so it is counted.
    func admit(_ listener: Listener) -> Bool {
        counts.withLock { counts in
            let count = counts[listener.endpoint, default: 0]
            if let most = listener.connectionsMax, count >= most { return false }
            // Summed up only where there is such a limit.
            if countMax != .max, counts.values.reduce(0, +) >= countMax { return false }
            counts[listener.endpoint] = count + 1
            return true
        }
    }

    func leave(_ listener: Listener) {
        counts.withLock { $0[listener.endpoint, default: 1] -= 1 }
    }
}
