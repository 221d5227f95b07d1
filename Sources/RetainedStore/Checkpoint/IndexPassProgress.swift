/// How far a pass over the index has come.
public struct IndexPassProgress: Hashable, Sendable {
    /// Records looked at.
    public var examinedCount: UInt64 = 0
    /// Records sealed anew.
    public var resealedCount: UInt64 = 0
    /// Records removed.
    public var removedCount: UInt64 = 0
    /// Records that should have been sealed anew and do not open: left as they are, for `verify` to describe.
    public var damagedCount: UInt64 = 0

    public init() {}

    var changedCount: UInt64 { resealedCount + removedCount }

    mutating func add(_ other: IndexPassProgress) {
        examinedCount += other.examinedCount
        resealedCount += other.resealedCount
        removedCount += other.removedCount
        damagedCount += other.damagedCount
    }
}
