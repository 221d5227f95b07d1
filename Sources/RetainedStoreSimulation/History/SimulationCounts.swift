/// What a simulation went through: zeros show what it did not test.
package struct SimulationCounts: Sendable, Equatable {
    package var histories = 0
    package var changes = 0
    package var checkpoints = 0
    package var rotations = 0
    package var shreds = 0
    package var backups = 0
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

    /// Stands for every operation of every disk: equal where the same was done in the same order, byte for byte.
    package var trace: UInt64 = 0

    package init() {}

    package static func += (counts: inout SimulationCounts, other: SimulationCounts) {
        counts.histories += other.histories
        counts.changes += other.changes
        counts.checkpoints += other.checkpoints
        counts.rotations += other.rotations
        counts.shreds += other.shreds
        counts.backups += other.backups
        counts.crashPoints += other.crashPoints
        counts.images += other.images
        counts.crashes += other.crashes
        counts.closings += other.closings
        counts.faults += other.faults
        counts.refusals += other.refusals
        counts.verifications += other.verifications
        counts.addTrace(other.trace)
        counts.points.merge(other.points, uniquingKeysWith: +)
    }

    mutating func addTrace(_ other: UInt64) {
        trace = trace &* 31 &+ other
    }
}
