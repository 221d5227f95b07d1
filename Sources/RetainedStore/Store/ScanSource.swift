internal import CLMDB

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
    /// A run's entries, and their order: what `kind` keeps alive, without counting references at every step.
    private let entries: UnsafeMutableRawPointer?
    private let order: UnsafeBufferPointer<UInt32>
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
        entries = overlay.entry(0).base
        order = run.order
        self.rank = rank
        self.journal = journal
        keyCopy = .allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
    }

    init(index: IndexReader, rank: Int, _ journal: JournalReader) {
        kind = .index(index)
        entries = nil
        order = UnsafeBufferPointer(start: nil, count: 0)
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
        guard case .run = kind else { return prefix }
        let copy = UnsafeMutableRawBufferPointer(rebasing: keyCopy[..<keyBytes])
        entry(at: position).copyKey(to: copy, journal)
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
        case .run:
            // From the current position in growing steps: a skip scan mostly seeks what is near.
            var low = position
            var step = 1
            while low + step < order.count, entry(at: low + step).compare(with: target, journal) < 0 {
                low += step
                step *= 2
            }
            var high = min(low + step, order.count)
            while low < high {
                let middle = (low + high) / 2
                if entry(at: middle).compare(with: target, journal) < 0 {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            load(at: low)
        case .index(let index): try take(try index.seek(target))
        }
    }

    /// Goes to the next key.
    func advance() throws(IndexError) {
        switch kind {
        case .run: load(at: position + 1)
        case .index(let index): try take(try index.next())
        }
    }

    /// The entry of a run at a position in the order of keys.
    @inline(__always)
    private func entry(at position: Int) -> OverlayEntry {
        guard let entries else { preconditionFailure("the index has no entries") }
        return OverlayEntry(base: entries + Int(order[position]) * OverlayEntry.bytes)
    }

    /// Asks for the memory of the entries and records whose turn is near: in the order of keys they lie anywhere.
    @inline(__always)
    private func prefetch(behind position: Int) {
        if position + 4 < order.count { latch_prefetch(entry(at: position + 4).base) }
        if position + 2 < order.count { journal.prefetch(entry(at: position + 2).place) }
    }

    private func load(at position: Int) {
        self.position = position
        guard position < order.count else {
            isAtEnd = true
            return
        }
        prefetch(behind: position)
        let entry = entry(at: position)
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
