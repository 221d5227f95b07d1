/// Clears retained messages that have expired, so that they leave the store; what readers see of them is none already.
///
/// Only an opened record says when it expires, so this is a pass over the index, a little at a time, and begins only when
/// something may have expired: the store knows a time before which nothing does (Expiry.md). Run by the checkpoint thread,
/// which alone changes the index, when it has nothing else to do.
///
/// ### Invariants
/// - A message is cleared only while it is its topic's newest value: looked up in the index, and not in the overlay with the
///   order lock held, under which its clear gets its version.
/// - The note says that a record needs no more looking after only when its clear is on the disk.
final class ExpirySweeper: @unchecked Sendable {
    // `reader`, `opener`, `writer`, what has been written and what the pass counts are the checkpoint thread's; it also changes
    // `note`, with the order lock held; the rest is behind the order lock.

    /// Records looked at in one step and their bytes, messages cleared and the bytes of their topics: some milliseconds of work.
    private static let examinedMax = 8_192
    private static let examinedBytesMax = 4 << 20
    private static let clearedMax = 256
    private static let topicBytesMax = 1 << 18
    /// Records after which the place is written down.
    private static let unnotedMax: UInt64 = 65_536
    /// How many times as long as it has worked the sweeper rests: after a step, and, with the interval as the least, after a pass.
    private static let stepRest = 3.0
    private static let passRest = 50.0
    /// How soon it tries again to get room for its clears.
    private static let roomRetryMilliseconds = 50

    /// What `meta` should say, and what it says.
    private(set) var note: ExpiryNote
    private var writtenNote: ExpiryNote?
    private var unnotedCount: UInt64 = 0
    private var passSeconds = 0.0
    private var passClearedCount: UInt64 = 0
    private var lastClearLSN: UInt64 = 0
    private var reader: IndexReader?
    private var opener: RecordOpener?
    private var writer: StoreWriter?

    private var counts = ExpirySweepStatistics()
    private var isPassing: Bool
    private var hasCheckpointed = false
    /// Passes that somebody waits for, whatever the time.
    private var wantedCount: UInt64 = 0
    private var notBefore: MonotonicTime
    /// There was no room for clears: not before this moment again.
    private var retryAfter = MonotonicTime.start
    private let intervalMilliseconds: Int

    /// - Parameter note: nil: the index has none.
    init(note: ExpiryNote?, limits: StoreLimits) {
        self.note = note ?? .unknown
        writtenNote = note
        isPassing = note?.nextKey.isEmpty == false
        intervalMilliseconds = limits.sweepIntervalMilliseconds
        // Not while a broker starts.
        notBefore = .now.advanced(milliseconds: limits.sweepIntervalMilliseconds)
        counts.examinedCount = isPassing ? 0 : nil
    }

    private var isWanted: Bool { counts.passCount < wantedCount }

    /// With the order lock held.
    var statistics: ExpirySweepStatistics {
        var statistics = counts
        statistics.earliestSeconds = note.earliestSeconds == ExpiryNote.never ? nil : note.earliestSeconds
        return statistics
    }

    /// Whether anything in the index may expire. With the order lock held.
    var isNeeded: Bool { note.earliestSeconds != ExpiryNote.never }

    // MARK: When

    /// What there is to do now. With the order lock held, while no checkpoint is under way.
    func turn(_ store: RetainedStore) -> SweepTurn {
        let now = MonotonicTime.now
        if isPassing {
            let due = isWanted ? retryAfter : max(notBefore, retryAfter)
            return due <= now ? .step : .later(due)
        }
        let overlay = store.overlays.active
        let overlayEarliest = overlay.hasUnknownExpiries ? 0 : overlay.earliestExpirySeconds
        let earliest = min(note.earliestSeconds, overlayEarliest)
        if isWanted == false, earliest == ExpiryNote.never { return .never }
        let time = store.clock.nowSeconds
        if !isWanted {
            guard notBefore <= now else { return .later(notBefore) }
            guard earliest <= time else {
                // The wall clock may be set forward meanwhile.
                let wait = min(earliest - time, UInt64(max(1, intervalMilliseconds / 1_000)))
                return .later(now.advanced(milliseconds: Int(wait) * 1_000))
            }
        }
        if !hasCheckpointed, overlay.count > 0, overlayEarliest <= time {
            hasCheckpointed = true
            return .checkpoint
        }
        hasCheckpointed = false
        begin()
        return .step
    }

    private func begin() {
        isPassing = true
        note.keptSeconds = ExpiryNote.never
        note.arrivedSeconds = ExpiryNote.never
        note.nextKey = []
        counts.examinedCount = 0
        passSeconds = 0
        passClearedCount = 0
        // With the first step it is written down what time it was.
        unnotedCount = Self.unnotedMax
    }

    /// Has a pass begin at once, or after the one under way, and go on without rests; returns how many will have ended then.
    /// With the order lock held.
    func want() -> UInt64 {
        wantedCount = max(wantedCount, counts.passCount + (isPassing ? 2 : 1))
        return wantedCount
    }

    // MARK: Checkpoints

    /// Takes in that records which expire at this time at the earliest come into the index. For the checkpoint.
    func arrive(_ seconds: UInt64, _ order: OrderLock) {
        guard seconds < note.earliestSeconds || seconds < note.arrivedSeconds else { return }
        order.withLock { note.arrive(seconds) }
    }

    /// Puts the note into what is about to be committed, where it has changed.
    func putNote(_ writer: IndexWriter) throws(IndexError) {
        if note != writtenNote { try note.put(writer) }
    }

    /// What was put has been committed.
    func noteWasCommitted() {
        writtenNote = note
    }

    // MARK: The pass

    /// Does one step; returns whether a checkpoint should follow: with it leaves the index what was cleared.
    func step(_ store: RetainedStore) throws(IndexError) -> Bool {
        let start = MonotonicTime.now
        let found = try look(store)
        store.checkpointer.reached(.expiredFound)
        let outcome = try clear(found.expired, store)
        let clearedCount: Int
        switch outcome {
        case .ordered(let count, let lastLSN):
            clearedCount = count
            lastClearLSN = max(lastClearLSN, lastLSN)
        case .noRoom(let isCheckpointWanted):
            store.order.withLock { retryAfter = .now.advanced(milliseconds: Self.roomRetryMilliseconds) }
            return isCheckpointWanted
        }
        unnotedCount += found.examinedCount
        passClearedCount += UInt64(clearedCount)
        let isLast = found.nextKey == nil
        store.order.withLock {
            note.keptSeconds = min(note.keptSeconds, found.keptSeconds)
            note.nextKey = found.nextKey ?? []
            if isLast { note.earliestSeconds = min(note.keptSeconds, note.arrivedSeconds) }
        }
        if isLast || unnotedCount > Self.unnotedMax { try commitNote(store) }
        let seconds = MonotonicTime.now.seconds(since: start)
        passSeconds += seconds
        store.order.withLock {
            counts.clearedCount += UInt64(clearedCount)
            counts.examinedCount = isLast ? nil : (counts.examinedCount ?? 0) + found.examinedCount
            let rest = Int((isLast ? passSeconds * Self.passRest : seconds * Self.stepRest) * 1_000)
            notBefore = .now.advanced(milliseconds: isLast ? max(intervalMilliseconds, rest) : rest)
            guard isLast else { return }
            isPassing = false
            counts.passCount += 1
        }
        return isLast && passClearedCount > 0
    }

    /// What one step saw.
    private struct Found {
        var expired: [[UInt8]] = []
        var keptSeconds = ExpiryNote.never
        var examinedCount: UInt64 = 0
        /// nil: the end of the index.
        var nextKey: [UInt8]?
    }

    private func look(_ store: RetainedStore) throws(IndexError) -> Found {
        let (reader, opener) = try makeReaders(store)
        opener.begin()
        defer { opener.end() }
        let now = store.clock.nowSeconds
        var found = Found()
        var bytes = 0
        var topicBytes = 0
        try reader.begin()
        defer { reader.end() }
        var item = try start(reader)
        while let current = item {
            if found.examinedCount >= Self.examinedMax || bytes >= Self.examinedBytesMax
                || found.expired.count >= Self.clearedMax || topicBytes >= Self.topicBytesMax
            {
                found.nextKey = Array(current.key)
                break
            }
            found.examinedCount += 1
            bytes += current.value.count
            if let parts = Self.open(current, opener), parts.expiryTimeSeconds != 0 {
                if parts.expiryTimeSeconds <= now {
                    found.expired.append(Array(parts.topic))
                    topicBytes += parts.topic.count
                } else {
                    found.keptSeconds = min(found.keptSeconds, parts.expiryTimeSeconds)
                }
            }
            item = try reader.next()
        }
        return found
    }

    /// Made by the first pass: where nothing expires there are none.
    private func makeReaders(_ store: RetainedStore) throws(IndexError) -> (IndexReader, RecordOpener) {
        if let reader, let opener { return (reader, opener) }
        let reader = try IndexReader(store.index)
        let opener: RecordOpener
        do throws(EnvironmentError) {
            opener = try RecordOpener(setID: store.setID, keyring: store.keyring)
        } catch {
            throw .environment(error)
        }
        (self.reader, self.opener) = (reader, opener)
        return (reader, opener)
    }

    private func makeWriter(_ store: RetainedStore) throws(StoreError) -> StoreWriter {
        if let writer { return writer }
        let writer = try store.makeWriter()
        self.writer = writer
        return writer
    }

    private func start(_ reader: IndexReader) throws(IndexError) -> IndexReader.Item? {
        if note.nextKey.isEmpty { return try reader.first() }
        let key = note.nextKey
        let span = key.span
        return try span.withUnsafeBytes { key throws(IndexError) in try reader.seek(key) }
    }

    /// A retained message of the index; nil for what was shredded, and for what is damaged, which is for `verify` to say.
    private static func open(_ item: IndexReader.Item, _ opener: RecordOpener) -> MessageParts? {
        guard let record = IndexRecord(item.value), BlindTopicKey.isWellFormed(item.key),
            record.collection == RecordCollection.retained.rawValue
        else { return nil }
        return try? opener.openUnlessShredded(
            record.sealed,
            version: record.version,
            key: item.key,
            dataKeyID: record.dataKeyID,
            file: "",
            offset: 0
        )
    }

    private func clear(_ topics: [[UInt8]], _ store: RetainedStore) throws(IndexError) -> ClearOutcome {
        guard !topics.isEmpty else { return .ordered(count: 0, lastLSN: 0) }
        do throws(StoreError) {
            return try clear(topics, makeWriter(store), store.clock.nowMilliseconds)
        } catch {
            switch error {
            case .full: return .noRoom(isCheckpointWanted: false)
            case .environment(let error): throw .environment(error)
            // The thread ends for it at its next look.
            case .failed, .closed: return .noRoom(isCheckpointWanted: false)
            default: throw .record(error)
            }
        }
    }

    private func clear(
        _ topics: [[UInt8]],
        _ writer: StoreWriter,
        _ timeMilliseconds: UInt64
    ) throws(StoreError) -> ClearOutcome {
        // In one piece of memory, which must stay until the batch has been committed.
        let bytes = topics.flatMap(\.self)
        let span = bytes.span
        return try span.withUnsafeBytes { (bytes) throws(StoreError) in
            var offset = 0
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            for topic in topics {
                let parts = MessageParts(
                    topic: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + topic.count]),
                    clientID: none,
                    userName: none,
                    properties: none,
                    payload: none,
                    qos: 0,
                    listenerPort: 0,
                    publishTimeMilliseconds: timeMilliseconds,
                    expiryTimeSeconds: 0
                )
                writer.clear(parts)
                offset += topic.count
            }
            return try writer.commitClears()
        }
    }

    /// Writes down how far the pass has come, and what time it is, once what it has cleared is on the disk.
    private func commitNote(_ store: RetainedStore) throws(IndexError) {
        if lastClearLSN > 0 {
            do throws(StoreError) {
                try store.journal.sync(through: lastClearLSN)
            } catch {
                throw .closed
            }
        }
        do throws(IndexError) {
            try commitState(store)
        } catch {
            // Without space the note waits for the next commit; a crash before that begins the pass where it was noted last.
            guard case .full = error else { throw error }
        }
        unnotedCount = 0
    }

    /// Commits the note if it has changed, and the time.
    func commitState(_ store: RetainedStore) throws(IndexError) {
        var state = store.checkpointer.state
        state.lastTimeMilliseconds = store.clock.nowMilliseconds
        let writer = try IndexWriter(
            store.index,
            state: state,
            versionMax: store.order.withLock { store.journal.lastLSN },
            auditKey: store.keys.audit
        )
        try putNote(writer)
        state = try writer.commit(appliedLSN: nil, setID: store.setID, stateKey: store.keys.state)
        noteWasCommitted()
        store.order.withLock { store.checkpointer.state = state }
    }
}
