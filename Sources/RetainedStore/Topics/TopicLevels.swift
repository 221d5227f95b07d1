/// The levels of a topic name or filter: the ranges of bytes between slashes, empty ones included.
struct TopicLevels: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    /// Where the next level begins; `nil` behind the last.
    private var start: Int? = 0

    /// - Parameter bytes: Must outlive the sequence.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    @inline(__always)
    mutating func next() -> Range<Int>? {
        guard let begin = start else { return nil }
        var end = begin
        while end < bytes.count, bytes[end] != UInt8(ascii: "/") { end += 1 }
        start = end < bytes.count ? end + 1 : nil
        return begin..<end
    }
}
