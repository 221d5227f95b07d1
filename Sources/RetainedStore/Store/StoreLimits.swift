/// Every limit of a store, with its reason.
///
/// The defaults suit a broker of up to some ten million retained messages in less than 100 MB of memory.
public struct StoreLimits: Hashable, Sendable {
    /// Bytes of a journal segment: large enough that the two syncs and the rename of a rotation vanish among 200,000
    /// messages, small enough to be zero-filled in a tenth of a second.
    public var segmentBytes = 64 << 20
    /// Bytes of messages in one group: bounds the memory of the two group buffers and what one sync has to write. A
    /// batch that is larger by itself gets a group of its own.
    public var groupBytesMax = 8 << 20
    /// Entries of the active and the frozen overlay together, at up to 64 bytes each: the largest part of the engine's
    /// memory.
    public var overlayEntriesMax = 720_000
    /// Journal bytes that start a checkpoint: bounds what replaying a journal costs at the next start.
    public var checkpointJournalBytes = 128 << 20
    /// Overlay entries that start a checkpoint: leaves room for the next overlay while this one is moved.
    public var checkpointEntries = 400_000
    /// Journal bytes not yet in the index at which writers wait: bounds the journal's disk space.
    public var journalBytesMax = 1 << 30
    /// How long nothing must have come before the journal writes a mark: long enough to cost a busy journal nothing,
    /// short enough that damage to the last group is soon told apart from a torn tail.
    public var idleMarkMilliseconds = 500
    /// How long a store that ran out of space waits before it looks again.
    public var spaceRetryMilliseconds = 1_000
    /// How often, at most, the index is looked through for expired messages, and how long after opening for the first time:
    /// they are none to readers anyway, so what counts is that the space comes back some time.
    public var sweepIntervalMilliseconds = 60_000
    /// How often the store looks whether writers that were slowed may go on, while none of them gives it cause to.
    public var reliefMilliseconds = 1
    /// Pages that one LMDB transaction dirties before it commits: keeps a commit at 20–35 ms and lets the pages freed
    /// by one serve the next.
    public var dirtyPagesMax = 2_000
    /// Records of the index that a transaction of a rotation or a shred looks at: some milliseconds of work.
    public var passExaminedMax = 8_192
    /// Records that such a transaction seals anew or removes.
    public var passChangedMax = 1_024
    /// Bytes of records that a compaction copies, or compares, between two checkpoints: some milliseconds, and twice as much
    /// memory at most.
    public var compactionBytesMax = 4 << 20
    /// Address space reserved for LMDB's file. Not memory and not disk: the file grows with what is in it.
    public var mapBytes = 1 << 40
    /// Readers that may be open at once; each has a slot in LMDB's lock file. One per event loop is enough.
    public var readersMax = 510
    /// Segments that opening a store may leave behind before a checkpoint clears them: each opening starts a new one.
    public var segmentsMax = 4

    public init() {}

    /// Entries of one overlay: what leaves the other its share when both are as full as they get.
    var activeEntriesMax: Int { max(1, overlayEntriesMax / 4 * 3) }

    /// Recycled segments that are kept: what two checkpoints' worth of journal takes, so that a busy journal neither
    /// frees nor zero-fills files.
    var sparesMax: Int { 2 * checkpointJournalBytes / max(1, segmentBytes) + 1 }
}
