/// What opening a store found.
public struct OpenReport: Hashable, Sendable {
    /// Segments of the journal that were read: those that the index had not made unnecessary.
    public var segmentCount = 0
    /// Records found in the journal.
    public var recordCount: UInt64 = 0
    /// Those that the index did not have yet, and that were replayed.
    public var replayedCount: UInt64 = 0
    /// Bytes of a torn tail: writes that had not become durable, never acknowledged, dropped.
    public var tornBytes: UInt64 = 0
    /// The last LSN that was found.
    public var lastLSN: UInt64 = 0
    /// The LSN through which the index was complete.
    public var appliedLSN: UInt64 = 0
    /// Whether the journal ended with a mark, which an idle or closing store writes: then nothing can have been torn.
    public var endsWithMark = false
    /// Seconds that reading the journal took.
    public var replaySeconds = 0.0
    /// Seconds that opening took in all.
    public var openSeconds = 0.0
    /// Files with what earlier salvages did not keep.
    public var quarantinePaths: [String] = []
    /// The backup that this was until now; nil for a store.
    public var restoredBackup: RestoredBackup?

    /// A backup that was opened for the first time, and with it began a history of its own.
    public struct RestoredBackup: Hashable, Sendable {
        /// The last LSN that it had: what was published later is not in it.
        public var lastLSN: UInt64
        /// When it was made, seconds since 1970.
        public var timeSeconds: UInt64
    }

    public init() {}
}
