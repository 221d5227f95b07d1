/// The segments of the history, in order, as they were at one moment: replaced as a whole, so that a reader may keep
/// it.
final class SegmentTable: Sendable {
    let segments: [Segment]

    init(_ segments: [Segment] = []) {
        self.segments = segments
    }

    /// Numbers have no gaps.
    @inline(__always)
    subscript(number number: UInt64) -> Segment? {
        guard let first = segments.first, number >= first.number else { return nil }
        let index = Int(number - first.number)
        return index < segments.count ? segments[index] : nil
    }

    func appending(_ segment: Segment) -> SegmentTable {
        SegmentTable(segments + [segment])
    }

    func droppingLast() -> SegmentTable {
        SegmentTable(Array(segments.dropLast()))
    }

    func droppingFirst(_ count: Int) -> SegmentTable {
        SegmentTable(Array(segments.dropFirst(count)))
    }
}
