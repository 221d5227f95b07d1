extension RetainedStore {
    /// Makes a store of what can be saved of a damaged one: keeps every record that opens, puts what does not into a file
    /// in `quarantine`, and says exactly what could not be saved.
    ///
    /// A crash at any instant leaves the damaged store as it was, or the salvaged one. Needs room for a second index. The
    /// journal's damage costs what stood in it; the key, `latch.store` and the keyring must be there.
    ///
    /// - Parameters:
    ///   - nowSeconds: Seconds since 1970.
    ///   - progress: Called now and then.
    /// - Throws: What opening the header and the keyring throws; `busy`; `full`; `unsupported` for a backup that was never
    ///   opened; `environment`. The store is as it was then.
    public static func salvage(
        _ options: StoreOptions,
        masterKey: MasterKey,
        nowSeconds: UInt64,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws(StoreError) -> SalvageReport {
        try salvage(options, masterKey: masterKey, nowSeconds: nowSeconds, observer: { _ in }, progress: progress)
    }

    /// Finishes a salvage that has been decided; whether there was one.
    static func finishSalvage(
        _ opened: OpenedStore,
        _ location: StoreLocation,
        _ disk: any JournalDisk
    ) throws(StoreError) -> Bool {
        guard exists(path: SalvageMarker.path(location)) else {
            try StoreError.whileReading { () throws(EnvironmentError) in
                try SalvagedIndex.removeUnfinished(location)
            }
            return false
        }
        guard let marker = try SalvageMarker.read(location, keys: opened.keys),
            marker.setID == opened.header.setID, marker.timeline == opened.header.timeline
        else {
            let path = SalvageMarker.path(location)
            throw .damaged(path, at: 16, "set id and timeline", expected: "this store's", found: "another's")
        }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try SalvageSwap(location: location, disk: disk).run()
        }
        return true
    }

    /// Ends a salvage: its journal has begun, so that from here on it is a store like any other.
    static func beginAfterSalvage(_ journal: Journal, _ location: StoreLocation) throws(StoreError) {
        guard journal.order.withLock({ journal.openGroup != nil }) else { throw .full(.journal) }
        try StoreError.whileReading { () throws(EnvironmentError) in try SalvageMarker.remove(location) }
    }

    /// The moments of a salvage between which a crash leaves something different.
    package enum SalvageMoment: CaseIterable, Sendable {
        /// The salvaged index and the quarantine are on the disk.
        case isBuilt
        /// The marker is: the salvaged store is in force.
        case isDecided
        /// The index is in its place, and the journal is gone.
        case isInPlace
    }

    /// The same, watched.
    package static func salvage(
        _ options: StoreOptions,
        masterKey: MasterKey,
        nowSeconds: UInt64,
        observer: (SalvageMoment) -> Void,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws(StoreError) -> SalvageReport {
        let start = MonotonicTime.now
        let location = options.location
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        defer { lock.release() }
        let opened = try OpenedStore(location, masterKey)
        guard opened.backup == nil else {
            throw .unsupported(
                file: location.directory + "/" + BackupMarker.name,
                what: "salvaging a backup that was never opened (make it again)"
            )
        }
        var report = SalvageReport()
        if try SalvageMarker.read(location, keys: opened.keys) == nil {
            let salvage = try Salvage(options, opened, nowSeconds: nowSeconds)
            do throws(StoreError) {
                let lastLSN = try salvage.run(progress)
                report = salvage.report
                observer(.isBuilt)
                let marker = SalvageMarker(
                    setID: opened.header.setID,
                    timeline: opened.header.timeline,
                    lastLSN: lastLSN
                )
                try StoreError.whileReading { () throws(EnvironmentError) in
                    try marker.write(location, keys: opened.keys)
                }
            } catch {
                salvage.discard()
                throw error
            }
            observer(.isDecided)
        }
        try StoreError.whileReading { () throws(EnvironmentError) in
            try SalvageSwap(location: location, disk: PosixDisk()).run()
        }
        observer(.isInPlace)
        report.seconds = MonotonicTime.now.seconds(since: start)
        return report
    }
}
