/// The segments of the history, in order, as they were at one moment: replaced as a whole, so that a reader may keep
/// it.
final class SegmentTable: Sendable {
    let segments: [Segment]
    private let firstNumber: UInt64
    /// Where each segment is mapped: what a reader needs, without counting references.
    private let mappings: [UInt]

    init(_ segments: [Segment] = []) {
        self.segments = segments
        firstNumber = segments.first?.number ?? 0
        mappings = segments.map { UInt(bitPattern: $0.mapping.baseAddress) }
    }

    /// The record at a place; nil if its segment is none of these.
    @inline(__always)
    func record(at place: JournalPlace) -> JournalRecord? {
        let number = place.segment
        guard number >= firstNumber, number - firstNumber < UInt64(mappings.count),
            let base = UnsafeRawPointer(bitPattern: mappings[Int(number - firstNumber)])
        else { return nil }
        return JournalRecord(base: base + place.offset)
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
