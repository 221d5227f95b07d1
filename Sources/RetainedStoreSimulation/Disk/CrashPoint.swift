/// The moment before a sync: what a crash there may leave, and what had been acknowledged.
struct CrashPoint: Sendable {
    var state: DiskState
    /// What had been promised by then.
    var promises: Promises
    /// What was about to be synced.
    var part: SyncedPart
}
