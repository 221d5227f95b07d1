internal import Synchronization

/// Reads a journal that goes on meanwhile, record by record in the order of LSNs, a little at a time.
///
/// It pins segments only while it reads: a journal never keeps one for its sake. Whoever follows too slowly finds that the
/// next record is no longer there.
final class JournalFollower {
    /// Bytes of records that one call reads at most.
    private static let bytesMax = 4 << 20

    private let journal: Journal
    private let reader: JournalReader
    /// The LSN that comes next.
    private(set) var nextLSN: UInt64
    /// Where the next group begins, if it is known.
    private var place: JournalPlace?

    /// What became of a call.
    enum Outcome {
        /// There may be more.
        case more
        /// Everything that is on the disk has been read.
        case upToDate
        /// The next record is no longer in the journal: what it did is in the index.
        case lost
    }

    init(_ journal: Journal, from nextLSN: UInt64) {
        self.journal = journal
        self.nextLSN = nextLSN
        reader = JournalReader(journal)
    }

    /// Whether the journal still has the record of an LSN, and all that follow.
    static func reaches(_ lsn: UInt64, in journal: Journal) -> Bool {
        journal.order.withLock {
            guard let first = journal.table.segments.first else { return lsn == journal.lastLSN + 1 }
            return first.firstLSN <= lsn
        }
    }

    /// Reads what is on the disk and has not been read yet.
    ///
    /// - Parameter body: Receives each record, valid within the call, and its place.
    func read(_ body: (JournalRecord, JournalPlace) throws(StoreError) -> Void) throws(StoreError) -> Outcome {
        let syncedLSN = journal.syncedLSN.load(ordering: .acquiring)
        guard nextLSN <= syncedLSN else { return .upToDate }
        let segments = journal.order.withLock {
            reader.begin()
            return journal.table.segments
        }
        defer { reader.end() }
        guard var index = segments.lastIndex(where: { $0.firstLSN <= nextLSN }) else { return .lost }
        var bytes = 0
        while nextLSN <= syncedLSN {
            if bytes >= Self.bytesMax { return .more }
            // The segment is over where the next one goes on; what lies behind is a mark, or was torn. An opening that nothing
            // was written in has left one without a record.
            while index + 1 < segments.count, segments[index + 1].firstLSN == nextLSN {
                index += 1
                place = nil
            }
            let segment = segments[index]
            let offset = place.flatMap { $0.segment == segment.number ? $0.offset : nil } ?? SegmentHeader.blockBytes
            guard let group = group(in: segment, at: offset) else {
                throw .damaged(
                    segment.file.path,
                    at: offset,
                    "group",
                    expected: "LSN \(nextLSN), which is on the disk",
                    found: "no group"
                )
            }
            bytes += Int(group.groupBytes)
            try pass(group, segment, offset, body)
            place = JournalPlace(segment: segment.number, offset: offset + Int(group.groupBytes))
        }
        return .upToDate
    }

    private func group(in segment: Segment, at offset: Int) -> GroupHeader? {
        guard offset + GroupHeader.bytes <= segment.bytes else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: segment.mapping[offset..<offset + GroupHeader.bytes])
        guard let header = GroupHeader(bytes, bytesMax: segment.bytes - offset), header.firstLSN <= nextLSN else {
            return nil
        }
        return header
    }

    private func pass(
        _ group: GroupHeader,
        _ segment: Segment,
        _ offset: Int,
        _ body: (JournalRecord, JournalPlace) throws(StoreError) -> Void
    ) throws(StoreError) {
        var recordOffset = offset + GroupHeader.bytes
        for number in 0..<UInt64(group.recordCount) {
            let record = segment.record(at: recordOffset)
            if group.firstLSN + number == nextLSN {
                try body(record, JournalPlace(segment: segment.number, offset: recordOffset))
                nextLSN += 1
            }
            recordOffset += record.recordBytes
        }
    }
}
