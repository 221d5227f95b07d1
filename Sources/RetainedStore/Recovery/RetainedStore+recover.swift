extension RetainedStore {
    /// Opens a store whose process was killed, replays its journal, closes it and verifies every record.
    ///
    /// - Parameters:
    ///   - nowSeconds: Seconds since 1970, for what has expired.
    ///   - progress: Called now and then.
    /// - Throws: As `open`: what can not be opened can not be recovered. Damage to single records is in the report.
    public static func recover(
        _ options: StoreOptions,
        masterKey: MasterKey,
        nowSeconds: UInt64,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws(StoreError) -> RecoveryReport {
        let start = MonotonicTime.now
        let store = try open(options, masterKey: masterKey)
        let opening = store.openReport
        try store.close()
        let verification = try verify(options, masterKey: masterKey, nowSeconds: nowSeconds, progress: progress)
        return RecoveryReport(
            opening: opening,
            verification: verification,
            seconds: MonotonicTime.now.seconds(since: start)
        )
    }

    /// Reads everything in a store and changes nothing.
    ///
    /// With the key: opens every envelope, checks that each stands under its own topic's key, and recomputes the number
    /// of records and their digest, which notices records that were taken away or rolled back. Without: structure and
    /// checksums only, which the report says.
    ///
    /// - Throws: What keeps it from looking: `missing`, `busy`, `header`, `keyring`, `environment`. What it finds is in
    ///   the report.
    public static func verify(
        _ options: StoreOptions,
        masterKey: MasterKey?,
        nowSeconds: UInt64,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws(StoreError) -> VerificationReport {
        try verify(options, masterKey: masterKey, nowSeconds: nowSeconds, disk: PosixDisk(), progress: progress)
    }

    /// The same with the journal on a disk of the caller's.
    package static func verify(
        _ options: StoreOptions,
        masterKey: MasterKey?,
        nowSeconds: UInt64 = 0,
        disk: any JournalDisk,
        progress: (VerificationProgress) -> Void = { _ in }
    ) throws(StoreError) -> VerificationReport {
        let location = options.location
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        let lock = try DirectoryLock(location)
        defer { lock.release() }
        let opened: OpenedStore? =
            if let masterKey { try OpenedStore(location, masterKey, access: .readOnly) } else { nil }
        if exists(path: SalvageMarker.path(location)) {
            throw .damaged(
                SalvageMarker.path(location),
                at: 0,
                "salvage",
                expected: "none under way",
                found: "one that was interrupted when it was decided: the next opening finishes it"
            )
        }
        let start = MonotonicTime.now
        var verification = try Verification(options, opened, nowSeconds: nowSeconds, disk: disk)
        try verification.run(progress)
        var report = verification.report
        report.seconds = MonotonicTime.now.seconds(since: start)
        return report
    }

    /// What would lead whoever goes through a store's index astray, or out of its file; nil if nothing would, or if there is no
    /// index.
    ///
    /// Needs no key, reads the file and does not map it, and so comes back whatever is in it.
    public static func unreadableIndex(at location: StoreLocation) throws(StoreError) -> Damage? {
        guard let structure = try IndexStructure.walked(at: location), !structure.isReadable else { return nil }
        return structure.damage.first
    }
}
