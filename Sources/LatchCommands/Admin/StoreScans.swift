import Dispatch
import Glibc
import Synchronization

/// The commands that are reading a store's messages: none of them may be at it when the store is closed.
final class StoreScans: Sendable {
    private struct State {
        var isStopping = false
        /// The sockets that the messages go to.
        var descriptors: Set<Int32> = []
    }

    private let state = Mutex(State())
    private let running = DispatchGroup()

    /// Runs a scan, unless the store is about to be closed.
    ///
    /// - Parameters:
    ///   - descriptor: The socket that its messages go to.
    ///   - body: Must look now and then whether it has to end.
    func run<Result>(
        on descriptor: Int32,
        _ body: (_ isStopping: @escaping () -> Bool) throws(CommandFailure) -> Result
    ) throws(CommandFailure) -> Result {
        let mayRun = state.withLock { state in
            guard !state.isStopping else { return false }
            state.descriptors.insert(descriptor)
            running.enter()
            return true
        }
        guard mayRun else { throw CommandFailure(.inputOutput, "the broker is ending") }
        defer {
            _ = state.withLock { $0.descriptors.remove(descriptor) }
            running.leave()
        }
        return try body { self.state.withLock { $0.isStopping } }
    }

    /// Lets no scan begin any more, ends those that run, and returns when none is left.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            // A scan that waits for a reader who reads no more.
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        running.wait()
    }
}
