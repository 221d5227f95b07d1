internal import Synchronization

/// Keeps segments from being recycled while a reader may look at them.
final class SegmentPin: Sendable {
    /// The lowest segment number that the reader may look at.
    private let lowest = Atomic<UInt64>(.max)

    /// Whether the reader may look at a segment.
    func holds(_ number: UInt64) -> Bool {
        lowest.load(ordering: .acquiring) <= number
    }

    /// Whether a batch is under way.
    var isHeld: Bool { lowest.load(ordering: .acquiring) != .max }

    /// Pins a segment and all that follow. With the order lock held, so that a segment of the journal's present table
    /// can not be recycled in between.
    func pin(from number: UInt64) {
        lowest.store(number, ordering: .releasing)
    }

    func unpin() {
        lowest.store(.max, ordering: .releasing)
    }
}
