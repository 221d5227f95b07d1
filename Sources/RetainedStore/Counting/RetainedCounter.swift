/// Counts a store's retained messages.
///
/// The index knows how many it has. Which keys of the overlay are new, which replace and which clear, nobody asks when a message
/// is published: it would cost every one of them a look into the index. It is asked here, when somebody wants to know, once
/// for each key.
///
/// ### Invariants
/// - Whether the index has a key stays true as long as the overlay is the active one and no pass removes records: only
///   checkpoints and such passes change which keys the index has.
final class RetainedCounter: @unchecked Sendable {
    // Everything is behind `lock`.

    private let lock = OrderLock()
    private var reader: StoreReader?
    private var totals = RetainedTotals()
    private var hasCounted = false
    private var hasEnded = false
    /// The overlay whose first entries have been looked up, and the removals that there had been until then.
    private var overlay: Overlay?
    private var removedCount: UInt64 = 0
    private var lookedUpCount = 0
    /// Those of them that the index has, and the bytes of its records.
    private var presentCount: UInt64 = 0
    private var presentBytes: UInt64 = 0

    /// Counts now; while a checkpoint is under way, what was counted last.
    func count(_ store: RetainedStore) throws(StoreError) -> RetainedTotals {
        lock.lock()
        defer { lock.unlock() }
        if hasEnded { throw .closed }
        let reader: StoreReader
        if let own = self.reader { reader = own } else { reader = try store.makeReader() }
        self.reader = reader
        let counted = try reader.withSnapshot { (active, _) throws(StoreError) in try count(active, reader, store) }
        if let counted { totals = counted }
        if hasCounted || counted != nil {
            hasCounted = true
            return totals
        }
        // The first one, and a checkpoint is under way: at most so many.
        let statistics = store.statistics
        totals.count = statistics.indexCount + UInt64(statistics.overlayCount)
        totals.bytes = statistics.indexBytes
        return totals
    }

    /// Lets go of the reader, which a closed store no longer serves.
    func end() {
        lock.withLock {
            hasEnded = true
            reader = nil
            overlay = nil
        }
    }

    /// nil if the index's snapshot may have something that the overlay has too.
    private func count(
        _ active: Overlay,
        _ reader: StoreReader,
        _ store: RetainedStore
    ) throws(StoreError) -> RetainedTotals? {
        let index = store.order.withLock { () -> (count: UInt64, bytes: UInt64, removedCount: UInt64)? in
            guard store.overlays.active === active, store.overlays.frozen == nil else { return nil }
            let checkpointer = store.checkpointer
            let count = checkpointer.state.count - checkpointer.state.sessionCount
            return (count, checkpointer.state.valueBytes, checkpointer.removedCount)
        }
        guard let index else { return nil }
        if overlay !== active || removedCount != index.removedCount {
            overlay = active
            removedCount = index.removedCount
            lookedUpCount = 0
            (presentCount, presentBytes) = (0, 0)
        }
        let count = active.count
        try lookUp(active, through: count, reader)
        var totals = RetainedTotals()
        totals.count = index.count - presentCount
        totals.bytes = index.bytes - presentBytes
        for number in 0..<count {
            let entry = active.entry(number)
            guard Self.isRetained(entry) else { continue }
            reader.journal.withRecord(at: entry.place, isSealed: false) { record in
                guard record.type == RecordType.set.rawValue else { return }
                totals.count += 1
                totals.bytes += UInt64(IndexRecord.bytes(sealedBytes: record.sealedBytes))
            }
        }
        // A pass that removed records meanwhile may have removed what was looked up.
        return store.order.withLock { store.checkpointer.removedCount == index.removedCount } ? totals : nil
    }

    private func lookUp(_ active: Overlay, through count: Int, _ reader: StoreReader) throws(StoreError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { buffer.deallocate() }
        while lookedUpCount < count {
            let entry = active.entry(lookedUpCount)
            if Self.isRetained(entry) {
                let key = UnsafeMutableRawBufferPointer(rebasing: buffer[..<entry.keyBytes])
                entry.copyKey(to: key, reader.journal)
                do throws(IndexError) {
                    if let value = try reader.index.value(of: UnsafeRawBufferPointer(key)) {
                        presentCount += 1
                        presentBytes += UInt64(value.count)
                    }
                } catch {
                    throw error.storeError(path: reader.index.path)
                }
            }
            lookedUpCount += 1
        }
    }

    /// Whether a key is a topic's: ordinary, or one that begins with `$`.
    private static func isRetained(_ entry: OverlayEntry) -> Bool {
        (entry.prefix.first ?? .max) <= 1
    }
}
