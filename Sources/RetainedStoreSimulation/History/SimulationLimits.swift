package import RetainedStore

/// What the histories of a simulation are like.
package struct SimulationLimits: Sendable {
    /// What of the unsynced survives in every image; nil: chance decides.
    package var survival: Survival?
    /// Images drawn from each crash point.
    package var imagesPerPoint = 2
    /// How often a history goes on after a crash or a clean end.
    package var openingsMax = 4
    /// Steps between two openings.
    package var stepsMax = 10
    /// Which faults a history may meet; none, one now and then.
    package var faults: [DiskFault] = []
    /// When the store acknowledges, as its writers are told.
    package var sync = SyncPolicy.always
    /// When it really does: another policy makes it a liar, which must be noticed.
    package var actualSync: SyncPolicy?
    /// Syncs that the disk reports and does not do, which must be noticed.
    package var droppedSyncs: Set<SyncedPart> = []

    package init() {}

    /// Whether backups are made: of a store that loses what it has promised, and starts again, they would be of another
    /// history.
    var isBackedUp: Bool {
        sync == .always && actualSync == nil && droppedSyncs.isEmpty && !faults.contains(where: \.isSilent)
    }

    /// Small limits, so that segments, groups and chunks end often; and nothing that happens by itself, since a seed has
    /// to bring it back.
    package static var store: StoreLimits {
        var limits = StoreLimits()
        limits.segmentBytes = 16 << 10
        limits.groupBytesMax = 4 << 10
        limits.overlayEntriesMax = 2_000
        limits.checkpointEntries = 1_000_000
        limits.checkpointJournalBytes = 1 << 30
        limits.idleMarkMilliseconds = 10_000_000
        limits.spaceRetryMilliseconds = 1
        limits.dirtyPagesMax = 2
        limits.passExaminedMax = 8
        limits.passChangedMax = 3
        limits.mapBytes = 1 << 26
        limits.readersMax = 8
        limits.segmentsMax = 1_000
        return limits
    }
}
