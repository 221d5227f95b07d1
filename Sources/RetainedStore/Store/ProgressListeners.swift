internal import Synchronization

/// Those who are told of progress, in the order in which they came.
final class ProgressListeners: Sendable {
    private let bodies = Mutex<[@Sendable (StoreProgress) -> Void]>([])

    func add(_ body: @escaping @Sendable (StoreProgress) -> Void) {
        bodies.withLock { $0.append(body) }
    }

    /// Tells everyone, in the calling thread, without any lock.
    func report(_ progress: StoreProgress) {
        let bodies = bodies.withLock { $0 }
        for body in bodies { body(progress) }
    }
}
