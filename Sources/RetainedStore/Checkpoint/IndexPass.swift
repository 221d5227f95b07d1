/// Goes through records of the index in the order of their keys and removes some and seals others anew, a bounded number
/// in each transaction.
///
/// Run by the checkpoint thread, which alone changes the index. A crash loses the chunk under way and nothing else: each
/// is committed together with its count, digest and place.
final class IndexPass: @unchecked Sendable {
    // The position and the buffers are the checkpoint thread's; what others see of the progress is behind the order lock.

    /// What becomes of a record.
    enum Decision {
        case keep
        case remove
        case reseal(from: DataKey, to: DataKey)
    }

    /// What it is for, as it tells `statistics`.
    let purpose: IndexPassPurpose
    /// Begins when the index has every record up to it.
    let afterLSN: UInt64
    /// Whether it pauses three times as long as it works, for the sake of the broker that goes on meanwhile.
    let isPaced: Bool
    /// Its progress; with the order lock held.
    var progress = IndexPassProgress()
    var isEnded = false
    var isWithdrawn = false
    /// When the next chunk is due.
    var due = MonotonicTime.now

    private let examinedMax: Int
    private let changedMax: Int
    private let decide: (IndexRecord, UnsafeRawBufferPointer) throws(EnvironmentError) -> Decision
    /// Writes down how far it has come: the key it goes on at, nil at its end.
    private let note: (IndexWriter, UnsafeRawBufferPointer?) throws(IndexError) -> Void
    /// The beginnings of the keys that are looked at, in order; the empty one is every key's.
    private var prefixes: [[UInt8]]
    private var position: [UInt8]
    private let resealer: Resealer
    private var value: UnsafeMutableRawBufferPointer = .allocate(byteCount: 4_096, alignment: 16)

    init(
        _ store: RetainedStore,
        purpose: IndexPassPurpose,
        prefixes: [[UInt8]] = [[]],
        from position: [UInt8] = [],
        afterLSN: UInt64,
        isPaced: Bool,
        note: @escaping (IndexWriter, UnsafeRawBufferPointer?) throws(IndexError) -> Void = { _, _ in },
        decide: @escaping (IndexRecord, UnsafeRawBufferPointer) throws(EnvironmentError) -> Decision
    ) throws(EnvironmentError) {
        self.purpose = purpose
        self.prefixes = prefixes
        self.position = position.isEmpty ? prefixes.first ?? [] : position
        self.afterLSN = afterLSN
        self.isPaced = isPaced
        self.note = note
        self.decide = decide
        examinedMax = store.options.limits.passExaminedMax
        changedMax = store.options.limits.passChangedMax
        resealer = try Resealer(setID: store.setID, keyring: store.keyring)
    }

    deinit {
        value.deallocate()
    }

    /// Does one chunk; returns whether that was the last.
    func step(_ store: RetainedStore) throws(IndexError) -> Bool {
        let start = MonotonicTime.now
        let writer = try IndexWriter(
            store.index,
            state: store.checkpointer.state,
            versionMax: store.order.withLock { store.journal.lastLSN },
            auditKey: store.keys.audit
        )
        var chunk = IndexPassProgress()
        let compaction = store.order.withLock { store.checkpointer.compaction }
        let next = try run(writer, &chunk, compaction)
        if let next { position = next }
        if next == nil || chunk.changedCount > 0 {
            // A key that a record is about to need, like those of the journal's records.
            try environment { () throws(EnvironmentError) in try store.keyring.sync() }
            if let next {
                let span = next.span
                try span.withUnsafeBytes { next throws(IndexError) in try note(writer, next) }
            } else {
                try note(writer, nil)
            }
            if chunk.changedCount > 0 { store.anchor.loosen(store.checkpointer.state) }
            let state = try writer.commit(appliedLSN: nil, setID: store.setID, stateKey: store.keys.state)
            compaction?.mirrorChanged(store)
            store.order.withLock {
                store.checkpointer.state = state
                store.checkpointer.countRemoved(chunk.removedCount)
            }
            if next == nil {
                // What the end says was done must be on the disk before anybody hears of it.
                try store.index.sync()
                store.anchor.write(state)
            }
        } else {
            writer.abort()
        }
        let seconds = MonotonicTime.now.seconds(since: start)
        store.order.withLock {
            progress.add(chunk)
            due = isPaced ? .now.advanced(milliseconds: Int(seconds * 3_000) + 1) : .now
        }
        if next != nil { store.checkpointer.reached(.passCommitted) }
        return next == nil
    }

    /// Goes through the records of a chunk; returns the key at which the next one begins, nil at the end.
    private func run(
        _ writer: IndexWriter,
        _ chunk: inout IndexPassProgress,
        _ compaction: OnlineCompaction?
    ) throws(IndexError) -> [UInt8]? {
        try environment { () throws(EnvironmentError) in try resealer.beginBatch() }
        var item = try seek(position, writer)
        while let prefix = prefixes.first {
            guard let current = item, current.key.starts(with: prefix) else {
                prefixes.removeFirst()
                guard let following = prefixes.first else { break }
                position = following
                item = try seek(following, writer)
                continue
            }
            if chunk.examinedCount >= examinedMax || chunk.changedCount >= changedMax {
                return Array(current.key)
            }
            chunk.examinedCount += 1
            try treat(current, writer, &chunk, compaction)
            item = try writer.next()
        }
        return nil
    }

    private func seek(_ key: [UInt8], _ writer: IndexWriter) throws(IndexError) -> IndexReader.Item? {
        let span = key.span
        return try span.withUnsafeBytes { key throws(IndexError) in try writer.seek(key) }
    }

    private func treat(
        _ item: IndexReader.Item,
        _ writer: IndexWriter,
        _ chunk: inout IndexPassProgress,
        _ compaction: OnlineCompaction?
    ) throws(IndexError) {
        // What is no record is for `verify` to find.
        guard let record = IndexRecord(item.value), BlindTopicKey.isWellFormed(item.key) else { return }
        let decision = try environment { () throws(EnvironmentError) in try decide(record, item.key) }
        switch decision {
        case .keep: return
        case .remove:
            compaction?.note(item.key)
            try writer.remove(record)
            chunk.removedCount += 1
        case .reseal(let key, let newKey):
            let key = try reseal(record, item.key, key, newKey)
            guard let key else {
                chunk.damagedCount += 1
                return
            }
            let span = key.span
            try span.withUnsafeBytes { key throws(IndexError) in
                compaction?.note(key)
                let value = UnsafeRawBufferPointer(rebasing: value[..<record.value.count])
                try writer.replace(record, key: key, with: value)
            }
            chunk.resealedCount += 1
        }
    }

    /// Makes the new value; returns a copy of the record's key, or nil if it does not open, which is for `verify` to say.
    private func reseal(
        _ record: IndexRecord,
        _ blindKey: UnsafeRawBufferPointer,
        _ key: DataKey,
        _ newKey: DataKey
    ) throws(IndexError) -> [UInt8]? {
        let bytes = record.value.count
        if bytes > value.count {
            value.deallocate()
            value = .allocate(byteCount: bytes + bytes / 2, alignment: 16)
        }
        UnsafeMutableRawBufferPointer(rebasing: value[..<IndexRecord.headerBytes]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: record.value[..<IndexRecord.headerBytes])
        )
        value.storeLittleEndian(newKey.id, at: 8)
        let isOpened = try environment { () throws(EnvironmentError) in
            try resealer.reseal(
                record.sealed,
                blindKey: blindKey,
                from: key,
                to: newKey,
                into: UnsafeMutableRawBufferPointer(rebasing: value[IndexRecord.headerBytes..<bytes])
            )
        }
        return isOpened ? Array(blindKey) : nil
    }

    private func environment<Result>(_ body: () throws(EnvironmentError) -> Result) throws(IndexError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw .environment(error)
        }
    }
}
