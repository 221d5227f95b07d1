internal import Glibc
internal import Synchronization

/// A store of retained messages that are durable before they are acknowledged, and unreadable without the key.
///
/// One process opens a store at a time. Every event loop has a `StoreWriter` and a `StoreReader` of its own; the
/// store's threads write the journal, prepare its segments and move what the overlay holds into the index.
public final class RetainedStore: Sendable {
    /// How it was opened.
    public let options: StoreOptions
    /// What opening found.
    public let openReport: OpenReport

    let setID: SetID
    let timeline: Timeline
    let keys: DerivedKeys
    let keyring: Keyring
    let order: OrderLock
    let journal: Journal
    let overlays: Overlays
    private let presentIndex: Mutex<IndexEnvironment>
    let checkpointer: Checkpointer
    let sweeper: ExpirySweeper
    let counter = RetainedCounter()
    let clock: StoreClock
    let anchor: AnchorWriter
    let progress: ProgressListeners
    let durability = DurabilityWaiters()
    let lock: DirectoryLock
    /// Held by whoever changes keys: one rotation or shred at a time.
    let maintenance = OrderLock()
    let underPressure = Atomic<Bool>(false)
    /// Whether the header says that there may be records of sessions.
    let hasSessions: Atomic<Bool>
    /// The same of wills.
    let hasWills: Atomic<Bool>
    private let isClosed = Atomic<Bool>(false)

    init(_ parts: consuming StoreParts) {
        options = parts.options
        openReport = parts.report
        setID = parts.opened.header.setID
        timeline = parts.opened.header.timeline
        keys = parts.opened.keys
        hasSessions = Atomic(parts.opened.header.hasSessions)
        hasWills = Atomic(parts.opened.header.hasWills)
        keyring = parts.opened.keyring
        order = parts.journal.order
        journal = parts.journal
        overlays = parts.overlays
        presentIndex = Mutex(parts.index)
        checkpointer = Checkpointer(
            state: parts.indexState,
            isDueAtStart: parts.report.segmentCount > parts.options.limits.segmentsMax,
            observer: parts.checkpointObserver
        )
        sweeper = ExpirySweeper(note: parts.expiryNote, limits: parts.options.limits)
        clock = parts.clock
        anchor = AnchorWriter(
            path: parts.options.location.anchorPath,
            setID: parts.opened.header.setID,
            key: parts.opened.keys.header,
            order: parts.journal.order,
            written: parts.anchor
        )
        progress = parts.journal.progress
        lock = parts.lock
    }

    /// The index, which a compaction replaces; between two batches a reader finds the one that replaced its own.
    var index: IndexEnvironment { presentIndex.withLock { $0 } }

    /// Has everybody read another environment with the same records, after the batches under way. For the checkpoint
    /// thread.
    func replaceIndex(with successor: IndexEnvironment) {
        let old = presentIndex.withLock { index in
            defer { index = successor }
            return index
        }
        old.close(replacedBy: successor)
    }

    /// A writer, for one thread at a time.
    public func makeWriter() throws(StoreError) -> StoreWriter {
        try StoreError.whileReading { () throws(EnvironmentError) in try StoreWriter(store: self) }
    }

    /// A reader, for one thread at a time; `StoreLimits.readersMax` may exist at once.
    public func makeReader() throws(StoreError) -> StoreReader {
        try StoreReader(store: self)
    }

    /// Every record up to this LSN may be acknowledged, under the store's sync policy.
    public var durableLSN: UInt64 { journal.durableLSN.load(ordering: .acquiring) }

    /// Whether writers should hold back: their next commits may have to wait. `StoreProgress.relieved` says when it is
    /// over.
    public var isUnderPressure: Bool { underPressure.load(ordering: .relaxed) }

    /// Adds a listener, which the store's threads call; it must return soon and must not call the store's blocking
    /// functions.
    public func onProgress(_ body: @escaping @Sendable (StoreProgress) -> Void) {
        progress.add(body)
    }

    /// Runs `body` under the lock that orders everything: no message gets a version meanwhile.
    ///
    /// A subscription that enters the routing within `body` receives live exactly what is newer than `lastVersion`, and
    /// finds the rest by a scan up to it (design, R1).
    public func withOrder<Result>(_ body: (_ lastVersion: UInt64) -> Result) -> Result {
        order.withLock { body(journal.lastLSN) }
    }

    /// Stops the threads, after everything committed was written and synced, and lets go of the directory.
    ///
    /// - Throws: `failed` or `damaged` if the store had failed, or failed now.
    public func close() throws(StoreError) {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        checkpointer.stop(self)
        counter.end()
        journal.close()
        index.close()
        lock.release()
        durability.end(.closed)
        if let failure = order.withLock({ journal.failure }) { throw failure }
    }

    /// Gives a batch its versions and its slots, enters it into the overlay and calls `ordered`, all under the order
    /// lock.
    ///
    /// - Parameter isCurrent: Called under the lock before anything is done; `false` calls it off.
    func order(
        _ batch: borrowing StoreBatch,
        ifCurrent isCurrent: () -> Bool,
        _ ordered: (UInt64) -> Void
    ) throws(StoreError) -> BatchOrdering {
        let bytes = batch.recordBytes
        let count = batch.items.count
        precondition(count <= overlays.active.capacity / 2, "a batch of more messages than the overlay is made for")
        let isExclusive = journal.needsExclusiveGroup(bytes: bytes)
        order.lock()
        defer { order.unlock() }
        if isExclusive { journal.exclusiveWaiters += 1 }
        defer { if isExclusive { journal.exclusiveWaiters -= 1 } }
        var reservation: JournalReservation?
        while reservation == nil {
            try journal.checkState()
            if batch.keyRevision != keyring.revision { return .keysReplaced }
            if !isCurrent() { return .calledOff }
            if overlays.isIndexFull { throw .full(.index) }
            if overlays.hasRoom(for: count) {
                reservation = try journal.reserve(bytes: bytes, count: count, isExclusive: isExclusive)
            }
            if reservation == nil {
                press()
                checkpointer.wakeIfDue(self)
                journal.roomArrived.wait(order)
            }
        }
        guard let reservation else { preconditionFailure("the loop ends with a reservation") }
        enter(batch, reservation)
        if batch.earliestExpirySeconds < overlays.active.earliestExpirySeconds {
            expires(at: batch.earliestExpirySeconds)
        }
        ordered(reservation.firstLSN)
        if journal.isNearlyFull || overlays.isNearlyFull { press() }
        return .ordered(reservation)
    }

    /// Notes when the first message of the overlay expires, which the sweeper may have to know. With the order lock held.
    @inline(never)
    private func expires(at seconds: UInt64) {
        overlays.active.earliestExpirySeconds = seconds
        checkpointer.wake()
    }

    @inline(__always)
    func enter(_ batch: borrowing StoreBatch, _ reservation: JournalReservation) {
        let group = reservation.group
        let overlay = overlays.active
        var offset = reservation.offset
        var version = reservation.firstLSN
        for (index, item) in batch.items.enumerated() {
            if index + 8 < batch.items.count { overlay.prefetchSlot(of: batch.items[index + 8].token) }
            if index + 4 < batch.items.count { overlay.prefetchEntry(of: batch.items[index + 4].token) }
            let key = batch.key(of: item)
            JournalRecord.begin(
                at: group.slot(at: offset),
                type: item.type.rawValue,
                collection: item.collection,
                key: key,
                sealedBytes: item.sealedBytes,
                version: version,
                dataKeyID: item.dataKeyID
            )
            let place = JournalPlace(segment: group.segment.number, offset: group.base + offset)
            let isNew = overlay.enter(key: key, token: item.token, place: place, version: version)
            if item.collection == .sessions, isNew { overlay.sessionCount += 1 }
            offset += JournalRecord.bytes(keyBytes: item.keyBytes, sealedBytes: item.sealedBytes)
            version += 1
        }
    }

    /// Asks writers to hold back. With the order lock held.
    private func press() {
        guard !journal.areWritersSlowed else { return }
        underPressure.store(true, ordering: .relaxed)
        journal.areWritersSlowed = true
        // The journal thread may be asleep without a deadline.
        journal.workArrived.signal()
    }

    /// Ends the pressure if there is none any more; called by the threads that make room.
    func relieve() {
        guard underPressure.load(ordering: .relaxed) else { return }
        let isRelieved = order.withLock {
            guard !journal.isNearlyFull, !overlays.isNearlyFull else { return false }
            underPressure.store(false, ordering: .relaxed)
            journal.areWritersSlowed = false
            return true
        }
        if isRelieved { progress.report(.relieved) }
    }
}
