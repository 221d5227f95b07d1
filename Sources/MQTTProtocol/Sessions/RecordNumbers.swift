import Synchronization

/// Numbers for what sessions keep on disk: each is given once, to all sessions of the broker.
public final class RecordNumbers: Sendable {
    private let last: Atomic<UInt64>

    /// - Parameter last: the greatest number that was given before.
    public init(after last: UInt64 = 0) {
        self.last = Atomic(last)
    }

    /// The next number, from 1.
    public func next() -> UInt64 { next(1) }

    /// The first of so many numbers that follow one another.
    public func next(_ count: Int) -> UInt64 {
        last.add(UInt64(count), ordering: .relaxed).oldValue + 1
    }
}
