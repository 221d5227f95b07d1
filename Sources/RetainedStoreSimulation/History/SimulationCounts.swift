/// What a simulation went through: zeros show what it did not test.
package struct SimulationCounts: Sendable, Equatable {
    package var histories = 0
    package var changes = 0
    package var checkpoints = 0
    package var crashPoints = 0
    package var images = 0
    /// Histories that went on from a crash's image.
    package var crashes = 0
    /// Histories that went on after a clean end.
    package var closings = 0
    /// Disks that failed, ran full or lied.
    package var faults = 0
    /// Images of disks that had lied which the store refused as damaged.
    package var refusals = 0
    /// Images that were verified, digest and all.
    package var verifications = 0
    /// Crash points by what was about to be synced.
    package var points: [SyncedPart: Int] = [:]

    package init() {}

    package static func += (counts: inout SimulationCounts, other: SimulationCounts) {
        counts.histories += other.histories
        counts.changes += other.changes
        counts.checkpoints += other.checkpoints
        counts.crashPoints += other.crashPoints
        counts.images += other.images
        counts.crashes += other.crashes
        counts.closings += other.closings
        counts.faults += other.faults
        counts.refusals += other.refusals
        counts.verifications += other.verifications
        counts.points.merge(other.points, uniquingKeysWith: +)
    }
}
