internal import Synchronization

extension RetainedStore {
    /// Opens a store: reads its header with the master key, replays the journal, begins a new segment.
    ///
    /// The time that it takes depends on the journal, not on how much is retained (design, D4).
    ///
    /// - Throws: `missing`, `busy`, `header` (a wrong key among other things), `keyring`, `damaged`, `unsupported`,
    ///   `environment`.
    public static func open(_ options: StoreOptions, masterKey: MasterKey) throws(StoreError) -> RetainedStore {
        try open(options, masterKey: masterKey, disk: PosixDisk())
    }

    /// The same with the journal on a disk of the caller's, and checkpoints that can be watched.
    static func open(
        _ options: StoreOptions,
        masterKey: MasterKey,
        disk: any JournalDisk,
        checkpointObserver: (@Sendable (CheckpointMoment) -> Void)? = nil
    ) throws(StoreError) -> RetainedStore {
        let start = MonotonicTime.now
        let location = options.location
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        let opened = try openKeys(location, masterKey)
        let index: IndexEnvironment
        do throws(IndexError) {
            index = try IndexEnvironment(path: location.indexPath, limits: options.limits)
        } catch {
            throw error.storeError(path: location.indexPath)
        }
        guard let state = try index.state(setID: opened.header.setID, key: opened.keys.state) else {
            throw .damaged(location.indexPath, at: 0, "state", expected: "one", found: "none")
        }
        if state.timeline != opened.header.timeline {
            let expected = opened.header.timeline.hexadecimal
            throw .damaged(location.indexPath, at: 0, "timeline", expected: expected, found: state.timeline.hexadecimal)
        }
        let identity = JournalIdentity(
            setID: opened.header.setID,
            timeline: opened.header.timeline,
            key: opened.keys.journal
        )
        let replay = JournalReplay(
            disk: disk,
            directory: location.journalPath,
            identity: identity,
            appliedLSN: state.appliedLSN
        )
        let (overlay, outcome) = try replayed(replay, options.limits)
        var report = outcome.report
        report.replaySeconds = MonotonicTime.now.seconds(since: start)
        let journal = makeJournal(options, disk, outcome, opened.keyring)
        let writer = try StoreError.whileReading { () throws(EnvironmentError) in
            try journal.prepareStart(outcome, identity)
        }
        report.openSeconds = MonotonicTime.now.seconds(since: start)
        let store = RetainedStore(
            StoreParts(
                options: options,
                report: report,
                setID: opened.header.setID,
                timeline: opened.header.timeline,
                keys: opened.keys,
                keyring: opened.keyring,
                journal: journal,
                overlays: Overlays(limits: options.limits, active: overlay),
                index: index,
                indexState: state,
                lock: lock,
                checkpointObserver: checkpointObserver
            )
        )
        do throws(EnvironmentError) {
            try store.start(writer)
        } catch {
            throw .environment(error)
        }
        return store
    }

    struct OpenedKeys {
        var header: StoreHeader
        var keys: DerivedKeys
        var keyring: Keyring
    }

    /// Reads the header and the keyring.
    static func openKeys(
        _ location: StoreLocation,
        _ masterKey: MasterKey,
        access: Keyring.Access = .readWrite
    ) throws(StoreError) -> OpenedKeys {
        let header: StoreHeader
        let rootKey: RootKey
        let keys: DerivedKeys
        do throws(StoreHeaderError) {
            header = try StoreHeader.read(from: location.headerPath)
            (rootKey, keys) = try header.open(with: masterKey, path: location.headerPath)
        } catch {
            throw StoreError(error, directory: location.directory)
        }
        do throws(KeyringError) {
            let keyring = try Keyring.open(
                path: location.keyringPath,
                setID: header.setID,
                rootKey: rootKey,
                access: access
            )
            return OpenedKeys(header: header, keys: keys, keyring: keyring)
        } catch {
            throw StoreError(error)
        }
    }

    /// Rebuilds the overlay from the records that the index does not have.
    static func replayed(
        _ replay: JournalReplay,
        _ limits: StoreLimits
    ) throws(StoreError) -> (Overlay, JournalReplay.Outcome) {
        var overlay = try StoreError.whileReading { () throws(EnvironmentError) in
            try Overlay(capacity: limits.activeEntriesMax)
        }
        let outcome = try replay.run { (record, place, _) throws(StoreError) in
            try Overlay.makeRoom(in: &overlay)
            let key = record.key
            overlay.enter(key: key, token: Overlay.token(of: key), place: place, version: record.version)
        }
        return (overlay, outcome)
    }

    private static func makeJournal(
        _ options: StoreOptions,
        _ disk: any JournalDisk,
        _ outcome: JournalReplay.Outcome,
        _ keyring: Keyring
    ) -> Journal {
        Journal(
            order: OrderLock(),
            disk: disk,
            directory: options.location.journalPath,
            policy: options.sync,
            limits: options.limits,
            progress: ProgressListeners(),
            table: SegmentTable(outcome.segments),
            end: outcome.end,
            syncKeys: { () throws(EnvironmentError) in try keyring.sync() }
        )
    }

    private func start(_ writer: JournalWriter) throws(EnvironmentError) {
        try checkpointer.start(self)
        try journal.start(writer: writer) { [weak self] in self?.groupWasWritten() }
    }

    /// In the journal thread, after each group.
    private func groupWasWritten() {
        relieve()
        order.withLock { checkpointer.wakeIfDue(self) }
    }
}
