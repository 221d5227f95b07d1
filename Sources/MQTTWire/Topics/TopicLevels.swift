/// The levels of a topic name or filter (4.7.1.1 Topic level separator), as slices of its bytes.
///
/// Empty levels are ordinary levels: `/a` has two, and so has `a/`. Iterating allocates nothing.
@frozen
public struct TopicLevels: Sequence, IteratorProtocol {
    @usableFromInline var remainder: UnsafeRawBufferPointer
    @usableFromInline var isFinished = false

    /// - Parameter bytes: the topic name or filter, valid as long as the levels are used.
    @inlinable
    public init(in bytes: UnsafeRawBufferPointer) {
        remainder = bytes
    }

    @inlinable
    public mutating func next() -> UnsafeRawBufferPointer? {
        if isFinished { return nil }
        var end = 0
        while end < remainder.count, remainder[end] != UInt8(ascii: "/") { end += 1 }
        let level = UnsafeRawBufferPointer(rebasing: remainder[..<end])
        if end == remainder.count {
            isFinished = true
        } else {
            remainder = UnsafeRawBufferPointer(rebasing: remainder[(end + 1)...])
        }
        return level
    }
}
