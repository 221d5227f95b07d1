/// Some of an overlay's entries in the order of their keys; immutable.
final class OverlayRun: @unchecked Sendable {
    // The memory is written by `init` alone.

    /// The entries are those from this index on …
    let start: Int
    /// … so many.
    let count: Int
    private let indices: UnsafeMutablePointer<UInt32>

    /// - Parameter body: Writes the indices of the entries, in the order of their keys.
    init(start: Int, count: Int, _ body: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
        self.start = start
        self.count = count
        indices = .allocate(capacity: count)
        body(UnsafeMutableBufferPointer(start: indices, count: count))
    }

    deinit {
        indices.deallocate()
    }

    /// The indices of the entries in the order of keys; valid as long as the run.
    var order: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: indices, count: count) }
}
