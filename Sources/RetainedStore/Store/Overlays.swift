/// The overlay that writers fill and the one that a checkpoint is moving into the index.
///
/// Everything here is changed and read with the order lock held; the frozen overlay itself changes no more.
final class Overlays: @unchecked Sendable {
    // Guarded by the order lock, which whoever uses this object holds.

    private(set) var active: Overlay
    private(set) var frozen: Overlay?
    /// What the frozen overlay's checkpoint will have applied.
    private(set) var frozenLSN: UInt64 = 0
    /// How far the frozen overlay's checkpoint has come.
    private var pace: CheckpointPace?
    /// Whether the index can take no more, so that nothing is accepted that it could not take later.
    var isIndexFull = false
    private let entriesMax: Int

    init(limits: StoreLimits, active: Overlay) {
        entriesMax = limits.overlayEntriesMax
        self.active = active
    }

    /// Keys in both.
    var count: Int { active.count + (frozen?.count ?? 0) }

    /// How many of them are sessions'.
    var sessionCount: Int { active.sessionCount + (frozen?.sessionCount ?? 0) }

    /// Whether so many keys, all of them new in the worst case, can be entered.
    @inline(__always)
    func hasRoom(for count: Int) -> Bool {
        active.count + count <= active.capacity && self.count + count <= entriesMax
    }

    /// Whether writers should be slowed before there is no room at all: by a checkpoint's pace while there is one.
    var isNearlyFull: Bool {
        guard let pace else { return active.count > active.capacity / 4 * 3 }
        let room = min(active.capacity, entriesMax - (frozen?.count ?? 0))
        // Most batches need not ask what time it is.
        return active.count > pace.allowance(of: room, at: .start)
            && active.count > pace.allowance(of: room, at: .now)
    }

    /// The checkpoint has committed a chunk.
    func chunkCommitted(movedCount: Int) {
        pace?.chunkCommitted(movedCount: movedCount, at: .now)
    }

    /// Makes the active overlay the frozen one.
    func freeze(at lsn: UInt64, replacement: Overlay) {
        precondition(frozen == nil, "one checkpoint at a time")
        pace = CheckpointPace(recordCount: active.count, start: .now)
        frozen = active
        frozenLSN = lsn
        active = replacement
    }

    /// Lets go of the frozen overlay, all of which is in the index now.
    func thaw() {
        frozen = nil
        pace = nil
    }
}
