extension RetainedStore {
    /// Gives a copy that is opened for the first time a history of its own (CrashModel.md, "While a copy is opened for the
    /// first time"): the marker stays until everything else says so.
    static func beginTimeline(
        _ opened: inout OpenedStore,
        _ marker: BackupMarker,
        _ options: StoreOptions,
        _ disk: any JournalDisk
    ) throws(StoreError) {
        let location = options.location
        try StoreError.whileReading { () throws(EnvironmentError) in
            // What copies files may leave out what holds none.
            try makeDirectory(location.journalPath)
        }
        try removeSegments(opened, marker, options, disk)
        do throws(EnvironmentError) {
            try opened.header.beginTimeline()
        } catch {
            throw .environment(error)
        }
        let index: IndexEnvironment
        do throws(IndexError) {
            index = try IndexEnvironment(path: location.indexPath, limits: options.limits)
        } catch {
            throw error.storeError(path: location.indexPath)
        }
        defer { index.close() }
        guard var state = try index.state(setID: opened.header.setID, key: opened.keys.state) else {
            throw .damaged(location.indexPath, at: 0, "state", expected: "one", found: "none")
        }
        if state.appliedLSN != marker.lastLSN {
            throw .damaged(
                location.indexPath,
                at: 0,
                "applied LSN",
                expected: marker.lastLSN,
                found: state.appliedLSN
            )
        }
        state.timeline = opened.header.timeline
        do throws(IndexError) {
            let writer = try IndexWriter(
                index,
                state: state,
                versionMax: marker.lastLSN,
                auditKey: opened.keys.audit
            )
            _ = try writer.commit(appliedLSN: nil, setID: opened.header.setID, stateKey: opened.keys.state)
            try index.sync()
        } catch {
            throw error.storeError(path: location.indexPath)
        }
        do throws(EnvironmentError) {
            let lock = try HeaderLock(location)
            defer { withExtendedLifetime(lock) {} }
            try opened.header.write(to: location.headerPath, keys: opened.keys)
        } catch {
            throw .environment(error)
        }
    }

    /// Removes what an earlier first opening, which was interrupted, has begun.
    ///
    /// - Throws: `damaged` for a journal that holds messages: then a copy was put over a store that still had one, and
    ///   neither is taken for the other.
    private static func removeSegments(
        _ opened: OpenedStore,
        _ marker: BackupMarker,
        _ options: StoreOptions,
        _ disk: any JournalDisk
    ) throws(StoreError) {
        let directory = options.location.journalPath
        let names = try StoreError.whileReading { () throws(EnvironmentError) in try disk.names(in: directory) }
        let segments = names.filter { SegmentName.number(of: $0) != nil }
        guard !segments.isEmpty else { return }
        let replay = JournalReplay(
            disk: disk,
            directory: directory,
            identity: opened.journalIdentity,
            appliedLSN: marker.lastLSN,
            isCopy: true
        )
        let outcome = try replay.run { (_, _, _) throws(StoreError) in }
        for segment in outcome.segments { segment.file.close() }
        guard outcome.report.replayedCount == 0 else {
            throw .damaged(
                directory,
                at: 0,
                "journal beside the marker of a backup",
                expected: "none: copy a backup into an empty directory",
                found: "\(outcome.report.replayedCount) records that the backup does not have"
            )
        }
        try StoreError.whileReading { () throws(EnvironmentError) in
            for name in segments { try disk.remove(directory + "/" + name) }
            try disk.syncDirectory(directory)
        }
    }

    /// Ends a copy's being one: its journal has begun, so that from here on it is a store like any other.
    static func becomeStore(_ journal: Journal, _ location: StoreLocation) throws(StoreError) {
        guard journal.order.withLock({ journal.openGroup != nil }) else { throw .full(.journal) }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try BackupMarker.remove(from: location.directory)
        }
    }
}
