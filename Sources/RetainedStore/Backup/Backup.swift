internal import Glibc

/// Makes a directory a copy of a store that goes on meanwhile.
///
/// Reads the index in the order of its keys, a batch in each short transaction, and after each batch what the journal has
/// brought; at the end the copy has every record of the journal up to one LSN, and so the store's contents as they were
/// then. What is copied stays sealed as it is. Nothing is pinned beyond a batch: a journal that goes on faster than this
/// can follow makes it read the index once more, which costs little where nothing has changed.
final class Backup {
    /// How often the index is read again before the disk is taken to be too slow for what is published.
    private static let restartsMax = 20

    private let store: RetainedStore
    private let directory: String
    private let isPaced: Bool
    private let index: IndexEnvironment
    private let source: IndexReader
    private let opener: RecordOpener
    private var follower: JournalFollower
    private var state: IndexState
    private var position: [UInt8]
    private(set) var report: BackupReport
    /// Every place at which a test may look at what a crash would leave.
    private let observer: () -> Void

    /// - Parameter from: What an earlier run has left, if it can be gone on with.
    init(
        _ store: RetainedStore,
        directory: String,
        mode: BackupReport.Mode,
        note: BackupNote,
        isPaced: Bool,
        index: IndexEnvironment,
        state: IndexState,
        observer: @escaping () -> Void
    ) throws(StoreError) {
        self.store = store
        self.directory = directory
        self.isPaced = isPaced
        self.index = index
        self.state = state
        self.observer = observer
        position = note.nextKey
        report = BackupReport(mode: mode, hasKeyring: store.options.location.keyring == nil)
        follower = JournalFollower(store.journal, from: note.nextLSN)
        do throws(IndexError) {
            source = try IndexReader(store.index)
        } catch {
            throw error.storeError(path: store.index.path)
        }
        opener = try StoreError.whileReading { () throws(EnvironmentError) in
            try RecordOpener(setID: store.setID, keyring: store.keyring)
        }
    }

    /// Copies until the copy has everything that was ordered when the last record of the index was read.
    func run(_ progress: (BackupProgress) -> Void) throws(StoreError) {
        if report.mode != .incremental { try copyIndex(progress) }
        while try !followToEnd(progress) {
            try restart()
            try copyIndex(progress)
        }
        try finish()
    }

    private func restart() throws(StoreError) {
        report.restartCount += 1
        guard report.restartCount <= Self.restartsMax else {
            throw .environment(.system(call: "backup", path: directory, errno: EAGAIN))
        }
        position = []
        follower = JournalFollower(store.journal, from: store.appliedLSN + 1)
    }

    /// Copies the index from the present position on, and follows the journal meanwhile.
    private func copyIndex(_ progress: (BackupProgress) -> Void) throws(StoreError) {
        var doneCount: UInt64 = 0
        var isAtEnd = false
        while !isAtEnd {
            let start = MonotonicTime.now
            // Before the transaction begins: what it sees is this complete at least.
            let appliedLSN = store.appliedLSN
            let batch: BackupBatch
            do throws(IndexError) {
                batch = try BackupBatch(source, from: position, appliedLSN: appliedLSN)
            } catch {
                throw error.storeError(path: store.index.path)
            }
            doneCount += UInt64(batch.keys.count)
            let outcome = try commit { (writer) throws(StoreError) in
                try self.mirroring { () throws(IndexError) in
                    try writer.removeOthers(
                        from: position,
                        to: batch.nextKey,
                        keeping: batch.keys,
                        appliedLSN: batch.appliedLSN
                    )
                    for (key, value) in zip(batch.keys, batch.values) { try mirror(key, value, writer) }
                }
                let outcome = try follow(writer)
                position = batch.nextKey ?? []
                try self.mirroring { () throws(IndexError) in
                    try BackupNote(nextLSN: follower.nextLSN, nextKey: position).put(writer)
                }
                return outcome
            }
            isAtEnd = batch.nextKey == nil
            if case .lost = outcome {
                try restart()
                isAtEnd = false
                doneCount = 0
            }
            progress(
                BackupProgress(part: .index, doneCount: doneCount, totalCount: store.statistics.indexCount)
            )
            observer()
            if isPaced, report.restartCount == 0 {
                usleep(UInt32(min(1, MonotonicTime.now.seconds(since: start)) * 1_000_000))
            }
        }
    }

    private func mirror(_ key: [UInt8], _ value: [UInt8], _ writer: IndexWriter) throws(IndexError) {
        let keySpan = key.span
        let valueSpan = value.span
        try keySpan.withUnsafeBytes { key throws(IndexError) in
            try valueSpan.withUnsafeBytes { value throws(IndexError) in
                // What is no record is for `verify` to find, in the store.
                guard let record = IndexRecord(value), BlindTopicKey.isWellFormed(key) else { return }
                if opener.isShredded(dataKeyID: record.dataKeyID, key: key, version: record.version) { return }
                try writer.mirror(key: key, record: record)
            }
        }
    }

    /// Applies what the journal has on the disk now.
    private func follow(_ writer: IndexWriter) throws(StoreError) -> JournalFollower.Outcome {
        let journalPath = store.options.location.journalPath
        return try follower.read { (record, place) throws(StoreError) in
            report.journalRecordCount += 1
            // Nothing else opens a clear, and here it is about to delete a message.
            if record.type == RecordType.clear.rawValue {
                let file = journalPath + "/" + SegmentName.segment(place.segment)
                try opener.authenticate(record, file: file, place: place)
            }
            let isShredded = opener.isShredded(
                dataKeyID: record.dataKeyID,
                key: record.key,
                version: record.version
            )
            try self.mirroring { () throws(IndexError) in try writer.follow(record, isShredded: isShredded) }
        }
    }

    /// Follows the journal through everything that is ordered now; false if it is no longer there.
    private func followToEnd(_ progress: (BackupProgress) -> Void) throws(StoreError) -> Bool {
        let lastLSN = store.withOrder { $0 }
        try store.journal.sync(through: lastLSN)
        let firstLSN = follower.nextLSN
        while follower.nextLSN <= lastLSN {
            let outcome = try commit { (writer) throws(StoreError) in
                let outcome = try follow(writer)
                try self.mirroring { () throws(IndexError) in
                    try BackupNote(nextLSN: follower.nextLSN, nextKey: position).put(writer)
                }
                return outcome
            }
            if case .lost = outcome { return false }
            progress(
                BackupProgress(
                    part: .journal,
                    doneCount: follower.nextLSN - firstLSN,
                    totalCount: lastLSN + 1 - firstLSN
                )
            )
            observer()
        }
        return true
    }

    /// Takes the notes away and states how far the copy goes.
    private func finish() throws(StoreError) {
        var hasNotes = true
        while hasNotes {
            hasNotes = try commit { (writer) throws(StoreError) in
                try self.mirroring { () throws(IndexError) in try writer.forgetClears(upTo: 10_000) }
            }
        }
        try commit(appliedLSN: follower.nextLSN - 1) { (writer) throws(StoreError) in
            try self.mirroring { () throws(IndexError) in try writer.deleteMeta(BackupNote.metaKey) }
        }
        try mirroring { () throws(IndexError) in try index.sync() }
        report.lastLSN = state.appliedLSN
        report.recordCount = state.count
    }

    /// Changes the copy in one transaction.
    private func commit<Result>(
        appliedLSN: UInt64? = nil,
        _ body: (IndexWriter) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        // The journal goes on while it is being followed; what is too new to be true, verifying finds.
        let writer = try mirroring { () throws(IndexError) in
            try IndexWriter(index, state: state, versionMax: .max, auditKey: store.keys.audit)
        }
        let result = try body(writer)
        state = try mirroring { () throws(IndexError) in
            try writer.commit(appliedLSN: appliedLSN, setID: store.setID, stateKey: store.keys.state)
        }
        return result
    }

    private func mirroring<Result>(_ body: () throws(IndexError) -> Result) throws(StoreError) -> Result {
        do throws(IndexError) {
            return try body()
        } catch {
            throw error.storeError(path: index.path)
        }
    }
}
