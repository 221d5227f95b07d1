/// The overlay that writers fill and the one that a checkpoint is moving into the index.
///
/// Everything here is changed and read with the order lock held; the frozen overlay itself changes no more.
final class Overlays: @unchecked Sendable {
    // Guarded by the order lock, which whoever uses this object holds.

    private(set) var active: Overlay
    private(set) var frozen: Overlay?
    /// What the frozen overlay's checkpoint will have applied.
    private(set) var frozenLSN: UInt64 = 0
    /// Whether the index can take no more, so that nothing is accepted that it could not take later.
    var isIndexFull = false
    private let entriesMax: Int

    init(limits: StoreLimits, active: Overlay) {
        entriesMax = limits.overlayEntriesMax
        self.active = active
    }

    /// Keys in both.
    var count: Int { active.count + (frozen?.count ?? 0) }

    /// Whether so many keys, all of them new in the worst case, can be entered.
    @inline(__always)
    func hasRoom(for count: Int) -> Bool {
        active.count + count <= active.capacity && self.count + count <= entriesMax
    }

    /// Whether writers should be slowed before there is no room at all.
    var isNearlyFull: Bool {
        count > entriesMax / 4 * 3 || active.count > active.capacity / 4 * 3
    }

    /// Makes the active overlay the frozen one.
    func freeze(at lsn: UInt64, replacement: Overlay) {
        precondition(frozen == nil, "one checkpoint at a time")
        frozen = active
        frozenLSN = lsn
        active = replacement
    }

    /// Lets go of the frozen overlay, all of which is in the index now.
    func thaw() {
        frozen = nil
    }
}
