/// The moment before a sync: what a crash there may leave, and what had been acknowledged.
struct CrashPoint: Sendable {
    var state: DiskState
    /// The last LSN that writers had been told is durable.
    var acknowledgedLSN: UInt64
    /// What was about to be synced.
    var part: SyncedPart
}
