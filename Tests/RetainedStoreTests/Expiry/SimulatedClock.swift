import Synchronization

/// A machine's clocks, which go as a test wants.
final class SimulatedClock: Sendable {
    private let state: Mutex<(wall: UInt64, monotonic: UInt64)>

    /// - Parameter seconds: Since 1970.
    init(seconds: UInt64) {
        state = Mutex((seconds * 1_000, 5_000))
    }

    /// Both of one moment, in milliseconds.
    var reading: (wall: UInt64, monotonic: UInt64) { state.withLock { $0 } }

    /// Time passes.
    func pass(seconds: UInt64) {
        state.withLock { $0 = ($0.wall + seconds * 1_000, $0.monotonic + seconds * 1_000) }
    }

    /// Somebody sets the wall clock.
    func set(seconds: UInt64) {
        state.withLock { $0.wall = seconds * 1_000 }
    }
}
