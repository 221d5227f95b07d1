/// One of the sorted sequences of records that a scan merges: a run of an overlay, or the index.
///
/// For one batch, between the reader's `begin` and `end`.
final class ScanSource {
    private enum Kind {
        case run(Overlay, OverlayRun)
        case index(IndexReader)
    }

    /// The record at the current key.
    enum Record {
        /// In the journal.
        case place(JournalPlace)
        /// In the index.
        case value(UnsafeRawBufferPointer)
    }

    /// Among sources with the same key the one of the lowest rank has the newest record.
    let rank: Int
    private let kind: Kind
    private let journal: JournalReader
    /// The current key; meaningless at the end.
    private(set) var key = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var record = Record.place(JournalPlace(rawValue: 0))
    private(set) var isAtEnd = false
    /// Where a run's current key is copied to: the group that has it may be written and its memory used again
    /// meanwhile.
    private let keyCopy: UnsafeMutableRawBufferPointer
    private var position = 0

    init(run: OverlayRun, of overlay: Overlay, rank: Int, _ journal: JournalReader) {
        kind = .run(overlay, run)
        self.rank = rank
        self.journal = journal
        keyCopy = .allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
    }

    init(index: IndexReader, rank: Int, _ journal: JournalReader) {
        kind = .index(index)
        self.rank = rank
        self.journal = journal
        keyCopy = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        keyCopy.deallocate()
    }

    /// Whether the current key comes before another source's, or the same key's newer record.
    @inline(__always)
    func precedes(_ other: ScanSource) -> Bool {
        let order = KeyOrder.compare(key, other.key)
        return order == 0 ? rank < other.rank : order < 0
    }

    /// Goes to the first key not less than `target`, which is not before the current one.
    func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) {
        switch kind {
        case .run(let overlay, let run):
            var low = position
            var high = run.count
            while low < high {
                let middle = (low + high) / 2
                if overlay.entry(run[middle]).isLess(than: target, journal) { low = middle + 1 } else { high = middle }
            }
            load(overlay, run, at: low)
        case .index(let index): take(try index.seek(target))
        }
    }

    /// Goes to the next key.
    func advance() throws(IndexError) {
        switch kind {
        case .run(let overlay, let run): load(overlay, run, at: position + 1)
        case .index(let index): take(try index.next())
        }
    }

    private func load(_ overlay: Overlay, _ run: OverlayRun, at position: Int) {
        self.position = position
        guard position < run.count else {
            isAtEnd = true
            return
        }
        let entry = overlay.entry(run[position])
        let copy = UnsafeMutableRawBufferPointer(rebasing: keyCopy[..<entry.keyBytes])
        entry.copyKey(to: copy, journal)
        key = UnsafeRawBufferPointer(copy)
        record = .place(entry.place)
    }

    private func take(_ found: IndexReader.Item?) {
        guard let found else {
            isAtEnd = true
            return
        }
        key = found.key
        record = .value(found.value)
    }
}
