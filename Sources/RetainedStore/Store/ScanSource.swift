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
    private(set) var record = Record.place(JournalPlace(rawValue: 0))
    private(set) var isAtEnd = false
    private var position = 0
    /// The current key's length; its first bytes, which decide most comparisons; and all of it, once somebody has
    /// asked.
    private var keyBytes = 0
    private var prefix = UnsafeRawBufferPointer(start: nil, count: 0)
    private var wholeKey: UnsafeRawBufferPointer?
    /// Where a run's current key is copied to: the group that has it may be written and its memory used again
    /// meanwhile.
    private let keyCopy: UnsafeMutableRawBufferPointer

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

    /// The overlay that it is a part of; nil for the index.
    var overlay: Overlay? {
        if case .run(let overlay, _) = kind { overlay } else { nil }
    }

    /// The current key, until the source moves; meaningless at the end.
    var key: UnsafeRawBufferPointer {
        if let wholeKey { return wholeKey }
        guard case .run(let overlay, let run) = kind else { return prefix }
        let copy = UnsafeMutableRawBufferPointer(rebasing: keyCopy[..<keyBytes])
        overlay.entry(run[position]).copyKey(to: copy, journal)
        let key = UnsafeRawBufferPointer(copy)
        wholeKey = key
        return key
    }

    /// The order of the current key and another source's.
    @inline(__always)
    func compare(with other: ScanSource) -> Int {
        let order = KeyOrder.compareFirst(min(prefix.count, other.prefix.count), prefix, other.prefix)
        if order != 0 { return order }
        if min(keyBytes, other.keyBytes) <= OverlayEntry.prefixBytes { return keyBytes - other.keyBytes }
        return KeyOrder.compare(key, other.key)
    }

    /// Whether the current key comes before another source's, or is the same key with the newer record.
    @inline(__always)
    func precedes(_ other: ScanSource) -> Bool {
        let order = compare(with: other)
        return order == 0 ? rank < other.rank : order < 0
    }

    /// Whether the current key comes before `target`.
    func isBefore(_ target: UnsafeRawBufferPointer) -> Bool {
        let order = KeyOrder.compareFirst(min(prefix.count, target.count), prefix, target)
        if order != 0 { return order < 0 }
        if min(keyBytes, target.count) <= OverlayEntry.prefixBytes { return keyBytes < target.count }
        return KeyOrder.compare(key, target) < 0
    }

    /// Goes to the first key not less than `target`, which is not before the current one.
    func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) {
        switch kind {
        case .run(let overlay, let run):
            // From the current position in growing steps: a skip scan mostly seeks what is near.
            var low = position
            var step = 1
            while low + step < run.count, overlay.entry(run[low + step]).compare(with: target, journal) < 0 {
                low += step
                step *= 2
            }
            var high = min(low + step, run.count)
            while low < high {
                let middle = (low + high) / 2
                if overlay.entry(run[middle]).compare(with: target, journal) < 0 {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            load(overlay, run, at: low)
        case .index(let index): try take(try index.seek(target))
        }
    }

    /// Goes to the next key.
    func advance() throws(IndexError) {
        switch kind {
        case .run(let overlay, let run): load(overlay, run, at: position + 1)
        case .index(let index): try take(try index.next())
        }
    }

    private func load(_ overlay: Overlay, _ run: OverlayRun, at position: Int) {
        self.position = position
        guard position < run.count else {
            isAtEnd = true
            return
        }
        let entry = overlay.entry(run[position])
        keyBytes = entry.keyBytes
        prefix = entry.prefix
        wholeKey = nil
        record = .place(entry.place)
    }

    private func take(_ found: IndexReader.Item?) throws(IndexError) {
        guard let found else {
            isAtEnd = true
            return
        }
        // Patterns trust keys to be whole, and LMDB's pages carry no checksum.
        guard BlindTopicKey.isWellFormed(found.key) else { throw .malformedKey }
        keyBytes = found.key.count
        prefix = UnsafeRawBufferPointer(rebasing: found.key[..<min(keyBytes, OverlayEntry.prefixBytes)])
        wholeKey = found.key
        record = .value(found.value)
    }
}
