internal import Synchronization

extension RetainedStore {
    /// Opens a store: reads its header with the master key, replays the journal, begins a new segment.
    ///
    /// The time that it takes depends on the journal, not on how much is retained (design, D4). The store stays open
    /// until `close`, whoever lets go of it.
    ///
    /// - Throws: `missing`, `busy`, `header` (a wrong key among other things), `keyring`, `damaged`, `unsupported`,
    ///   `environment`.
    public static func open(_ options: StoreOptions, masterKey: MasterKey) throws(StoreError) -> RetainedStore {
        try open(options, masterKey: masterKey, disk: PosixDisk())
    }

    /// The same with a journal that loses what was not synced when the process is killed, as a power cut would.
    ///
    /// For measuring how much that is (`latch bench intervals`), never for messages that anybody wants to keep.
    package static func openLosingUnsyncedWrites(
        _ options: StoreOptions,
        masterKey: MasterKey
    ) throws(StoreError) -> RetainedStore {
        try open(options, masterKey: masterKey, disk: PowerCutDisk())
    }

    /// The same with the journal on a disk of the caller's, and checkpoints that can be watched.
    package static func open(
        _ options: StoreOptions,
        masterKey: MasterKey,
        disk: any JournalDisk,
        clock: StoreClock = StoreClock(),
        checkpointObserver: (@Sendable (CheckpointMoment) -> Void)? = nil
    ) throws(StoreError) -> RetainedStore {
        let start = MonotonicTime.now
        let location = options.location
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        var opened = try OpenedStore(location, masterKey)
        let copy = opened.backup
        if let copy { try beginTimeline(&opened, copy, options, disk) }
        let isSalvaged = try finishSalvage(opened, location, disk)
        let (index, state) = try openIndex(options, opened)
        let anchor = try checkedAnchor(opened, state, location)
        clock.goOn(fromMilliseconds: state.lastTimeMilliseconds)
        let identity = opened.journalIdentity
        let replay = JournalReplay(
            disk: disk,
            directory: location.journalPath,
            identity: identity,
            appliedLSN: state.appliedLSN,
            isCopy: copy != nil || isSalvaged
        )
        let (overlay, outcome) = try replayed(replay, opened, options.limits)
        var report = outcome.report
        report.replaySeconds = MonotonicTime.now.seconds(since: start)
        let journal = Journal(
            order: OrderLock(),
            disk: disk,
            directory: location.journalPath,
            policy: options.sync,
            limits: options.limits,
            progress: ProgressListeners(),
            table: SegmentTable(outcome.segments),
            end: outcome.end,
            syncKeys: { [keyring = opened.keyring] () throws(EnvironmentError) in try keyring.sync() }
        )
        let writer = try StoreError.whileReading { () throws(EnvironmentError) in
            try journal.prepareStart(outcome, identity)
        }
        if copy != nil { try becomeStore(journal, location) }
        if isSalvaged { try beginAfterSalvage(journal, location) }
        report.restoredBackup = copy.map { OpenReport.RestoredBackup(lastLSN: $0.lastLSN, timeSeconds: $0.timeSeconds) }
        report.quarantinePaths = try StoreError.whileReading { () throws(EnvironmentError) in
            try QuarantineFile.paths(in: location.directory)
        }
        report.openSeconds = MonotonicTime.now.seconds(since: start)
        let store = RetainedStore(
            StoreParts(
                options: options,
                report: report,
                opened: opened,
                journal: journal,
                overlays: Overlays(limits: options.limits, active: overlay),
                index: index,
                indexState: state,
                lock: lock,
                anchor: anchor,
                expiryNote: try expiryNote(of: index),
                clock: clock,
                checkpointObserver: checkpointObserver
            )
        )
        store.tellDurabilityWaiters()
        store.anchor.write(state)
        try store.resumePasses()
        do throws(EnvironmentError) {
            try store.checkpointer.start(store)
            try journal.start(writer: writer) { [weak store] in store?.groupWasWritten() }
        } catch {
            throw .environment(error)
        }
        return store
    }

    /// The anchor, which must not say that there was a later state; nil if there is none, or another store's.
    private static func checkedAnchor(
        _ opened: OpenedStore,
        _ state: IndexState,
        _ location: StoreLocation
    ) throws(StoreError) -> Anchor? {
        // That of a backup which is put back speaks of what was there before.
        guard opened.backup == nil,
            let anchor = try Anchor.read(from: location.anchorPath, key: opened.keys.header),
            anchor.setID == opened.header.setID
        else { return nil }
        try anchor.check(state, path: location.anchorPath)
        return anchor
    }

    /// Opens the index and reads what it says of itself.
    private static func openIndex(
        _ options: StoreOptions,
        _ opened: OpenedStore
    ) throws(StoreError) -> (IndexEnvironment, IndexState) {
        let path = options.location.indexPath
        try StoreError.whileReading { () throws(EnvironmentError) in
            try IndexCopyFile(options.location).remove()
        }
        let index: IndexEnvironment
        do throws(IndexError) {
            index = try IndexEnvironment(path: path, limits: options.limits)
            // What a killed process committed may be in the page cache only; segments are about to be recycled on its
            // word.
            try index.sync()
        } catch {
            throw error.storeError(path: path)
        }
        var state = try index.checkedState(opened.header, opened.keys)
        state.sessionCount = try index.sessionCount()
        return (index, state)
    }

    private static func expiryNote(of index: IndexEnvironment) throws(StoreError) -> ExpiryNote? {
        do throws(IndexError) {
            let reader = try IndexReader(index)
            try reader.begin()
            defer { reader.end() }
            return try reader.meta(ExpiryNote.metaKey).flatMap { ExpiryNote($0) }
        } catch {
            throw error.storeError(path: index.path)
        }
    }

    /// Rebuilds the overlay from the records that the index does not have.
    ///
    /// Clears are opened here, because nothing else opens them: a clear that no writer of this store made must not hide
    /// a message. Sets are opened when they are read.
    private static func replayed(
        _ replay: JournalReplay,
        _ opened: OpenedStore,
        _ limits: StoreLimits
    ) throws(StoreError) -> (Overlay, JournalReplay.Outcome) {
        var replayed: ReplayedOverlay
        let opener: RecordOpener
        do throws(EnvironmentError) {
            replayed = ReplayedOverlay(try Overlay(capacity: limits.activeEntriesMax))
            opener = try RecordOpener(setID: opened.header.setID, keyring: opened.keyring)
        } catch {
            throw .environment(error)
        }
        let outcome = try replay.run { (record, place, file) throws(StoreError) in
            if record.type == RecordType.clear.rawValue { try opener.authenticate(record, file: file, place: place) }
            try replayed.add(record, place)
        }
        try replayed.finish()
        replayed.overlay.hasUnknownExpiries = replayed.overlay.count > 0
        return (replayed.overlay, outcome)
    }

    /// In the journal thread, after each group.
    private func groupWasWritten() {
        relieve()
        order.withLock { checkpointer.wakeIfDue(self) }
    }
}
