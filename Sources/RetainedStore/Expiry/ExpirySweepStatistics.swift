/// What has become of the messages that expire.
public struct ExpirySweepStatistics: Hashable, Sendable {
    /// Expired messages cleared since the store was opened.
    public var clearedCount: UInt64 = 0
    /// Passes over the index that came to their end since the store was opened.
    public var passCount: UInt64 = 0
    /// Records that the pass under way has looked at since the store was opened; nil: none is under way.
    public var examinedCount: UInt64?
    /// No message of the index expires before, seconds since 1970; nil: none ever does, so that nothing is looked for.
    public var earliestSeconds: UInt64?
    /// How far the wall clock is behind the latest time that the store has seen: it was set back.
    public var clockLagSeconds: UInt64 = 0

    public init() {}
}
