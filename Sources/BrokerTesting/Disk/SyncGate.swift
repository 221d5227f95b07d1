import Glibc
import Synchronization

/// Lets a journal's syncs come to an end, or has them wait.
public final class SyncGate: Sendable {
    private let isClosed = Mutex(false)

    public init() {}

    /// Has the syncs that follow wait.
    public func close() { isClosed.withLock { $0 = true } }

    /// Lets all of them end.
    public func open() { isClosed.withLock { $0 = false } }

    /// Returns when it is open; the journal's thread, which calls this, has nothing else to do meanwhile.
    func pass() {
        while isClosed.withLock({ $0 }) { usleep(500) }
    }
}
