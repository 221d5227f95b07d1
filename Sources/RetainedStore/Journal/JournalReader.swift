internal import CLMDB
internal import Glibc
internal import Synchronization

/// Reads records where they are: in mapped segments, and in groups that have not been written yet.
///
/// One per reader, not for two threads at once. Between `begin` and `end` no segment that it may look at is recycled.
final class JournalReader {
    private let journal: Journal
    private let pin = SegmentPin()
    /// The segments as they were when the batch began: what is in them needs no lock.
    private var table = SegmentTable()

    init(_ journal: Journal) {
        self.journal = journal
        journal.order.withLock { journal.pins.append(pin) }
    }

    deinit {
        journal.order.withLock { journal.pins.removeAll { $0 === pin } }
    }

    /// Begins a batch. With the order lock held, together with taking hold of the overlays.
    func begin() {
        table = journal.table
        pin.pin(from: table.segments.first?.number ?? 0)
    }

    func end() {
        pin.unpin()
    }

    /// Calls `body` with the record at a place that an overlay knows; header and key can be read, the sealed bytes only
    /// if they were asked for.
    @inline(__always)
    func withRecord<Result, Failure: Error>(
        at place: JournalPlace,
        isSealed: Bool,
        _ body: (JournalRecord) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if place.rawValue < journal.writtenEnd.load(ordering: .acquiring), let record = table.record(at: place) {
            return try body(record)
        }
        return try withRecentRecord(at: place, isSealed: isSealed, body)
    }

    /// Asks for the first cache lines of a record that will be read soon, if a segment has it.
    @inline(__always)
    func prefetch(_ place: JournalPlace) {
        guard let record = table.record(at: place) else { return }
        for line in 0..<4 { latch_prefetch(record.base + 64 * line) }
    }

    @inline(never)
    private func withRecentRecord<Result, Failure: Error>(
        at place: JournalPlace,
        isSealed: Bool,
        _ body: (JournalRecord) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (group, segment) = journal.order.withLock { () -> (GroupBuffer?, Segment?) in
            for group in [journal.writingGroup, journal.openGroup] {
                guard let group, group.contains(place) else { continue }
                group.pins.add(1, ordering: .acquiring)
                return (group, nil)
            }
            // Begun since this batch was, and perhaps retired again: then the pin keeps it from being recycled.
            return (nil, journal.segment(place.segment))
        }
        if let segment { return try body(segment.record(at: place.offset)) }
        guard let group else { preconditionFailure("a place is in a group or in a segment that is not recycled") }
        defer { group.pins.subtract(1, ordering: .releasing) }
        let record = group.record(at: place)
        if isSealed {
            // Another thread is sealing this record now, which takes microseconds.
            while !record.isFilled { sched_yield() }
        }
        return try body(record)
    }
}
