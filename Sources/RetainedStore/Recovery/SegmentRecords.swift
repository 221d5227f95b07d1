/// The records of a segment that has been walked, from front to back, where they lie in the mapped file.
///
/// The walk has read every byte of them through `pread` just before, which has said so if the medium fails, and has checked
/// what stands here unchecked.
struct SegmentRecords {
    private let segment: Segment
    /// Where the last whole group ends.
    private let end: Int
    private var offset = SegmentHeader.blockBytes
    /// Records of the current group that are still to come.
    private var leftCount: UInt32 = 0
    private var lsn: UInt64

    init(_ segment: Segment, end: Int) {
        self.segment = segment
        self.end = end
        lsn = segment.firstLSN
    }

    /// The next record, its LSN and its place; nil behind the last.
    @inline(__always)
    mutating func next() -> (record: JournalRecord, lsn: UInt64, place: JournalPlace)? {
        while leftCount == 0 {
            guard offset < end else { return nil }
            let group = UnsafeRawBufferPointer(rebasing: segment.mapping[offset..<end])
            guard let header = GroupHeader(group, bytesMax: group.count) else {
                preconditionFailure("a segment that has been walked has whole groups up to its end")
            }
            leftCount = header.recordCount
            offset += GroupHeader.bytes
        }
        let record = segment.record(at: offset)
        let place = JournalPlace(segment: segment.number, offset: offset)
        defer {
            offset += record.recordBytes
            lsn += 1
            leftCount -= 1
        }
        return (record, lsn, place)
    }
}
