internal import CLMDB

/// One checkpoint: freezes the overlay, moves it into the index in chunks, retires the segments that it came from.
struct Checkpoint: ~Copyable {
    private let store: RetainedStore
    private let frozen: Overlay
    private let lsn: UInt64
    private let journal: JournalReader
    private let opener: RecordOpener

    /// Runs a checkpoint; returns whether the thread should go on with others.
    ///
    /// Without space it waits and begins again, since a chunk that was committed does no harm when it is applied once
    /// more.
    static func run(_ store: RetainedStore) -> Bool {
        // What the overlay does not have, the index has.
        if store.order.withLock({ store.overlays.active.count == 0 }) { return true }
        let replacement: Overlay
        let opener: RecordOpener
        do throws(EnvironmentError) {
            opener = try RecordOpener(setID: store.setID, keyring: store.keyring)
            replacement = try Overlay(capacity: store.options.limits.activeEntriesMax)
        } catch {
            store.journal.fail(.failed(error))
            return false
        }
        let lsn = store.order.withLock { () -> UInt64 in
            store.overlays.freeze(at: store.journal.lastLSN, replacement: replacement)
            return store.journal.lastLSN
        }
        store.checkpointer.reached(.overlayFrozen)
        do throws(StoreError) {
            try store.journal.sync(through: lsn)
        } catch {
            return false
        }
        guard let frozen = store.order.withLock({ store.overlays.frozen }) else { return false }
        let checkpoint = Checkpoint(
            store: store,
            frozen: frozen,
            lsn: lsn,
            journal: JournalReader(store.journal),
            opener: opener
        )
        while true {
            do throws(IndexError) {
                guard try checkpoint.apply() else { return false }
                checkpoint.finish()
                return true
            } catch {
                guard canGoOn(store, after: error) else { return false }
            }
        }
    }

    /// Moves the frozen overlay into the index, sorted, chunk by chunk; returns false if the end came between two
    /// chunks.
    private func apply() throws(IndexError) -> Bool {
        store.order.withLock { journal.begin() }
        defer { journal.end() }
        let run = frozen.runs.sortAll(of: frozen, journal)
        var position = 0
        var pacing = ChunkPacing(
            try store.index.statistics(),
            recordCount: frozen.count,
            dirtyPagesMax: store.options.limits.dirtyPagesMax
        )
        var state = store.checkpointer.state
        state.lastTimeMilliseconds = store.clock.nowMilliseconds
        store.sweeper.arrive(frozen.earliestExpirySeconds, store.order)
        let compaction = store.order.withLock { store.checkpointer.compaction }
        while true {
            let writer = try IndexWriter(
                store.index,
                state: state,
                versionMax: lsn,
                auditKey: store.keys.audit
            )
            pacing.beginChunk()
            while position < run.count, !pacing.isChunkFull {
                prefetch(run, ahead: position)
                try apply(frozen.entry(Int(run.order[position])).place, writer, &pacing, compaction)
                position += 1
            }
            let isLast = position == run.count
            if !isLast { store.anchor.loosen(state) }
            try store.sweeper.putNote(writer)
            state = try writer.commit(
                appliedLSN: isLast ? lsn : nil,
                setID: store.setID,
                stateKey: store.keys.state
            )
            store.sweeper.noteWasCommitted()
            compaction?.mirrorChanged(store)
            let mustEnd = store.order.withLock {
                store.checkpointer.state = state
                store.overlays.chunkCommitted(movedCount: position)
                return store.checkpointer.mustEnd(store)
            }
            if isLast { break }
            store.checkpointer.reached(.chunkCommitted)
            if mustEnd { return false }
        }
        store.checkpointer.reached(.lastChunkCommitted)
        try store.index.sync()
        store.anchor.write(state)
        store.checkpointer.reached(.indexSynced)
        return true
    }

    /// Asks for the memory of the entries and records whose turn is near: in the order of keys they lie anywhere.
    @inline(__always)
    private func prefetch(_ run: OverlayRun, ahead position: Int) {
        if position + 16 < run.count { latch_prefetch(frozen.entry(Int(run.order[position + 16])).base) }
        if position + 8 < run.count { journal.prefetch(frozen.entry(Int(run.order[position + 8])).place) }
    }

    private func apply(
        _ place: JournalPlace,
        _ writer: IndexWriter,
        _ pacing: inout ChunkPacing,
        _ compaction: OnlineCompaction?
    ) throws(IndexError) {
        try journal.withRecord(at: place, isSealed: true) { (record) throws(IndexError) in
            if record.type == RecordType.clear.rawValue { try authenticate(record, place) }
            if frozen.hasUnknownExpiries { learnExpiry(of: record) }
            let isShredded = opener.isShredded(
                dataKeyID: record.dataKeyID,
                key: record.key,
                version: record.version
            )
            try writer.apply(record, key: record.key, isShredded: isShredded)
            compaction?.note(record.key)
            pacing.count(recordBytes: IndexRecord.bytes(sealedBytes: record.sealedBytes) + record.keyBytes)
        }
    }

    /// A message that was replayed has not been opened since; one that does not open is for `verify` to describe.
    @inline(never)
    private func learnExpiry(of record: JournalRecord) {
        guard record.type == RecordType.set.rawValue, record.version <= store.openReport.lastLSN else { return }
        let parts = try? opener.openUnlessShredded(
            record.sealed,
            version: record.version,
            key: record.key,
            dataKeyID: record.dataKeyID,
            file: "",
            offset: 0
        )
        if let parts, parts.expiryTimeSeconds != 0 { store.sweeper.arrive(parts.expiryTimeSeconds, store.order) }
    }

    /// Nothing else opens a clear, and here it is about to delete a message.
    private func authenticate(_ record: JournalRecord, _ place: JournalPlace) throws(IndexError) {
        do throws(StoreError) {
            let file = store.options.location.journalPath + "/" + SegmentName.segment(place.segment)
            try opener.authenticate(record, file: file, place: place)
        } catch {
            throw .record(error)
        }
    }

    /// Lets go of what the index has now.
    private func finish() {
        let wasFull = store.order.withLock {
            store.overlays.thaw()
            store.journal.retireSegments(through: lsn)
            store.journal.roomArrived.broadcast()
            let wasFull = store.overlays.isIndexFull
            store.overlays.isIndexFull = false
            return wasFull
        }
        if wasFull { store.progress.report(.relieved) }
    }

    /// What an error means: no space passes, everything else ends the store's acknowledging.
    static func canGoOn(_ store: RetainedStore, after error: IndexError) -> Bool {
        switch error {
        case .full:
            // What the copy has taken is the first to go.
            store.checkpointer.endCompaction(.failure(.full(.index)), store)
            let mustEnd = store.order.withLock {
                store.overlays.isIndexFull = true
                store.journal.roomArrived.broadcast()
                return store.checkpointer.mustEnd(store)
            }
            if mustEnd { return false }
            store.checkpointer.waitForSpace(store)
            return !store.order.withLock { store.checkpointer.mustEnd(store) }
        case .closed: return false
        case .damaged, .record, .environment:
            let cause = error.storeError(path: store.index.path)
            if case .environment(let error) = cause {
                store.journal.fail(.failed(error))
            } else {
                store.journal.fail(cause)
            }
            return false
        }
    }
}
