extension RetainedStore {
    /// Every record up to it is in the index.
    var appliedLSN: UInt64 { order.withLock { checkpointer.state.appliedLSN } }

    /// Makes a directory a copy of the store as it is when this ends, while the store goes on.
    ///
    /// The copy is a store without a journal: sealed as it is here, with the same key slots, and with a keyring only where
    /// the keyring lies in the store. Copying it back restores it; its first opening draws a new timeline. An unfinished
    /// one is not opened, and gone on with by the next call. Rotations and shreds wait until it has ended. It blocks for
    /// as long as copying takes.
    ///
    /// - Parameters:
    ///   - directory: One that does not exist, or an earlier backup of this store, which becomes one of now.
    ///   - nowSeconds: Seconds since 1970, for the marker and for what has expired.
    ///   - isPaced: Whether it rests half of the time, for the sake of those who use the store.
    ///   - progress: Called now and then.
    /// - Throws: `notABackup` if the directory holds something else; `busy` if another backup goes there; `damaged` if
    ///   what was read, or what was written, does not open; `failed`, `full`, `closed`, `environment`.
    public func backup(
        to directory: String,
        nowSeconds: UInt64,
        isPaced: Bool = true,
        progress: (BackupProgress) -> Void = { _ in }
    ) throws(StoreError) -> BackupReport {
        try backup(to: directory, nowSeconds: nowSeconds, isPaced: isPaced, progress: progress, observer: {})
    }

    func backup(
        to directory: String,
        nowSeconds: UInt64,
        isPaced: Bool,
        progress: (BackupProgress) -> Void,
        observer: @escaping () -> Void
    ) throws(StoreError) -> BackupReport {
        let start = MonotonicTime.now
        return try maintenance.withLock { () throws(StoreError) in
            try order.withLock { () throws(StoreError) in try journal.checkState() }
            let location = StoreLocation(directory: directory)
            let earlier = try earlierBackup(in: location)
            try StoreError.whileReading { () throws(EnvironmentError) in try Self.makeDirectories(directory) }
            let lock = try DirectoryLock(location)
            defer { lock.release() }
            var marker = BackupMarker(
                isWhole: false,
                setID: setID,
                timeline: timeline,
                lastLSN: earlier?.lastLSN ?? 0,
                keyringID: keyring.keyringID,
                timeSeconds: nowSeconds
            )
            try StoreError.whileReading { () throws(EnvironmentError) in
                // First, so that whatever an interruption leaves is known for what it is.
                try marker.write(into: directory, keys: keys)
                try Self.makeDirectories(location.journalPath)
                try Self.makeDirectories(location.indexPath)
            }
            var report = try copy(to: location, earlier, isPaced: isPaced, progress, observer)
            try copyKeys(to: location)
            marker.lastLSN = report.lastLSN
            try verifyCopy(location, marker, nowSeconds: nowSeconds, progress)
            marker.isWhole = true
            try StoreError.whileReading { () throws(EnvironmentError) in
                try marker.write(into: directory, keys: keys)
            }
            report.seconds = MonotonicTime.now.seconds(since: start)
            return report
        }
    }

    /// The marker of an earlier backup of this store; nil for a directory that is empty or not there yet.
    private func earlierBackup(in location: StoreLocation) throws(StoreError) -> BackupMarker? {
        guard let found = try BackupMarker.read(from: location.directory, keys: nil) else {
            if Self.exists(at: location) || Self.exists(path: location.indexPath)
                || Self.exists(path: location.journalPath)
            {
                throw .notABackup(directory: location.directory)
            }
            return nil
        }
        guard found.setID == setID else { throw .notABackup(directory: location.directory) }
        return try BackupMarker.read(from: location.directory, keys: keys)
    }

    private func copy(
        to location: StoreLocation,
        _ earlier: BackupMarker?,
        isPaced: Bool,
        _ progress: (BackupProgress) -> Void,
        _ observer: @escaping () -> Void
    ) throws(StoreError) -> BackupReport {
        let index: IndexEnvironment
        var state: IndexState
        var note: BackupNote?
        do throws(IndexError) {
            index = try IndexEnvironment(path: location.indexPath, limits: options.limits)
            let reader = try IndexReader(index)
            try reader.begin()
            defer { reader.end() }
            note = try reader.meta(BackupNote.metaKey).flatMap { BackupNote($0) }
        } catch {
            throw error.storeError(path: location.indexPath)
        }
        defer { index.close() }
        state = try index.state(setID: setID, key: keys.state) ?? IndexState(timeline: timeline)
        var mode = BackupReport.Mode.full
        var begin = BackupNote(nextLSN: appliedLSN + 1, nextKey: [])
        // What an earlier run copied is of use as it is only if it is of this history and no key has gone since.
        if let earlier, earlier.timeline == timeline, earlier.keyringID == keyring.keyringID {
            if earlier.isWhole, JournalFollower.reaches(state.appliedLSN + 1, in: journal) {
                mode = .incremental
                begin = BackupNote(nextLSN: state.appliedLSN + 1, nextKey: [])
            } else if !earlier.isWhole, let note, JournalFollower.reaches(note.nextLSN, in: journal) {
                mode = .resumed
                begin = note
            }
        }
        state.timeline = timeline
        let backup = try Backup(
            self,
            directory: location.directory,
            mode: mode,
            note: begin,
            isPaced: isPaced,
            index: index,
            state: state,
            observer: observer
        )
        try backup.run(progress)
        return backup.report
    }

    /// Copies the header, and the keyring where it is in the store; last, so that every key that a copied record needs is
    /// among those copied.
    private func copyKeys(to location: StoreLocation) throws(StoreError) {
        try StoreError.whileReading { () throws(EnvironmentError) in
            let lock = try HeaderLock(options.location)
            defer { withExtendedLifetime(lock) {} }
            let header = try KeyFile.read(options.location.headerPath, bytesMax: KeyLimits.headerBytesMax) ?? []
            try KeyFile.replace(location.headerPath, with: header)
            if options.location.keyring == nil {
                try KeyFile.replace(location.keyringPath, with: try keyring.fileBytes())
            }
            try PosixDisk().syncDirectory(location.indexPath)
            try PosixDisk().syncDirectory(location.directory)
        }
    }

    /// Opens every record of the copy.
    private func verifyCopy(
        _ location: StoreLocation,
        _ marker: BackupMarker,
        nowSeconds: UInt64,
        _ progress: (BackupProgress) -> Void
    ) throws(StoreError) {
        let header: StoreHeader
        do throws(StoreHeaderError) {
            header = try StoreHeader.read(from: location.headerPath)
        } catch {
            throw StoreError(error, directory: location.directory)
        }
        let opened = OpenedStore(header: header, keys: keys, keyring: keyring, backup: marker)
        var options = options
        options.location = location
        var verification = try Verification(options, opened, nowSeconds: nowSeconds, disk: PosixDisk())
        try verification.run { part in
            progress(
                BackupProgress(part: .verification, doneCount: part.doneCount, totalCount: part.totalCount)
            )
        }
        if let damage = verification.report.damage.first { throw .damaged(damage) }
    }
}
