internal import Glibc

/// A compaction of the index of a store that goes on meanwhile, a little at a time between checkpoints.
///
/// Run by the checkpoint thread, which alone changes the index: what a checkpoint or a pass changes before the place that
/// the copy has come to, is changed in the copy too. When everything has been copied and compared, the copy gets the index's
/// name, and readers find it at their next batch.
///
/// A compaction that meets an error is given up, and the store goes on as if there had been none; it fails only where
/// nobody knows which file has the index's name on the disk.
final class OnlineCompaction: @unchecked Sendable {
    // The copy and the keys are the checkpoint thread's; what others see is behind the order lock.

    /// How much longer than it works it pauses, for the sake of the broker that goes on meanwhile.
    private static let pauseFactor = 3.0
    /// Under a load without end there is always another checkpoint to do: what has waited as long has its turn first.
    private static let patienceMilliseconds = 500

    /// Whether it pauses; with the order lock held.
    var isPaced = true
    /// How far it has come; with the order lock held.
    private(set) var progress = CompactionProgress(part: .copying, doneCount: 0, totalCount: 0)
    /// How it ended; with the order lock held.
    var outcome: Result<CompactionReport, StoreError>?
    /// When the next slice is due.
    private(set) var due = MonotonicTime.now

    private let file: IndexCopyFile
    private var environment: IndexEnvironment?
    private var copy: IndexCopy?
    private var changed = KeyList()
    /// Why what was changed is not in the copy.
    private var failure: StoreError?

    init(_ location: StoreLocation) {
        file = IndexCopyFile(location)
    }

    var isOverdue: Bool { due.advanced(milliseconds: Self.patienceMilliseconds) <= .now }

    /// Does one slice.
    ///
    /// - Returns: What was achieved, at the end.
    func step(_ store: RetainedStore) throws(StoreError) -> CompactionReport? {
        if let failure { throw failure }
        let start = MonotonicTime.now
        try checkSpace(store)
        let report = try advance(store)
        let seconds = MonotonicTime.now.seconds(since: start)
        store.order.withLock {
            progress = copy?.progress ?? progress
            due = isPaced ? .now.advanced(milliseconds: Int(seconds * 1_000 * Self.pauseFactor) + 1) : .now
        }
        store.checkpointer.reached(report == nil ? .copyAdvanced : .copyInPlace)
        return report
    }

    /// Notes that a key's record is about to be changed in the index.
    func note(_ key: UnsafeRawBufferPointer) {
        if let copy, failure == nil, copy.covers(key) { changed.append(key) }
    }

    /// Makes the copy have what was changed and has been committed.
    func mirrorChanged(_ store: RetainedStore) {
        guard let copy, failure == nil, !changed.isEmpty else { return }
        do throws(IndexError) {
            try copy.mirror(changed)
        } catch {
            failure = IndexCompaction.storeError(error, file)
        }
        changed.removeAll()
    }

    /// Lets go of the copy, and of its file unless it has become the index.
    func end() {
        copy = nil
        environment?.close()
        environment = nil
        // What cannot be removed now, the next opening removes.
        try? file.remove()
    }

    private func advance(_ store: RetainedStore) throws(StoreError) -> CompactionReport? {
        do throws(IndexError) {
            guard let copy else {
                try begin(store)
                return nil
            }
            guard try copy.step() else { return nil }
            try copy.finish()
        } catch {
            throw IndexCompaction.storeError(error, file)
        }
        return try replace(store)
    }

    private func begin(_ store: RetainedStore) throws(IndexError) {
        do throws(EnvironmentError) {
            try file.create()
        } catch {
            throw .environment(error)
        }
        let options = store.options
        let environment = try IndexEnvironment(path: options.location.indexPath, limits: options.limits, access: .copy)
        self.environment = environment
        copy = try IndexCopy(of: store.index, to: environment, limits: options.limits)
    }

    /// Gives the copy the index's name, and has everybody read it.
    private func replace(_ store: RetainedStore) throws(StoreError) -> CompactionReport {
        let bytes = try StoreError.whileReading { () throws(EnvironmentError) in try file.bytes() }
        var report = CompactionReport(
            bytesBefore: bytes.index,
            bytesAfter: bytes.index,
            recordCount: copy?.progress.doneCount ?? 0
        )
        guard bytes.copy < bytes.index, let environment else { return report }
        report.bytesAfter = bytes.copy
        do throws(IndexError) {
            try environment.becomeIndex()
        } catch {
            throw IndexCompaction.storeError(error, file)
        }
        store.checkpointer.reached(.copySynced)
        try StoreError.whileReading { () throws(EnvironmentError) in try file.takePlace() }
        store.checkpointer.reached(.copyNamed)
        copy = nil
        self.environment = nil
        file.renameLock()
        store.replaceIndex(with: environment)
        do throws(EnvironmentError) {
            try PosixDisk().syncDirectory(store.options.location.indexPath)
        } catch {
            // The old file or the new one: what is committed from here on might go to the one that is gone.
            store.journal.fail(.failed(error))
            throw .failed(error)
        }
        return report
    }

    /// Leaves the journal room for its next segments.
    private func checkSpace(_ store: RetainedStore) throws(StoreError) {
        let state = store.checkpointer.state
        // At the beginning: what the copy is going to take, about.
        let needed = copy == nil ? state.valueBytes + state.count * 64 : 0
        let free = try StoreError.whileReading { () throws(EnvironmentError) in try file.freeBytes() }
        guard free >= needed + UInt64(2 * store.options.limits.segmentBytes) else {
            throw .environment(.system(call: "write", path: file.path, errno: ENOSPC))
        }
    }
}
