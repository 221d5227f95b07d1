internal import Synchronization

/// The journal: groups that form by themselves, written by a thread of its own, in segments that are recycled.
///
/// A writer reserves slots with the order lock held (`reserve`), seals into them without it, and says when it has
/// (`finish`). The journal thread (`Journal+thread.swift`) takes whatever gathered while the last group was being
/// written; there is no timer in that path. Another thread prepares the segments to come (`Journal+segments.swift`), so
/// that going to the next one never waits for zeros to be written.
///
/// ### Invariants
/// - `lastLSN` is the LSN of the last slot reserved; groups, and slots within a group, lie in the order of their LSNs.
/// - A place, once reserved, is final: a group's base is fixed when it opens, which the group before it has closed for.
/// - `durableLSN` grows only after the policy's promise holds, and never again after a failure.
final class Journal: @unchecked Sendable {
    // Guarded by `order`: everything that is neither immutable nor atomic, except what a comment gives to one thread.

    let order: OrderLock
    let disk: any JournalDisk
    let directory: String
    let policy: SyncPolicy
    let limits: StoreLimits
    let progress: ProgressListeners
    /// What must be on the disk before the groups that follow: new data keys.
    let syncKeys: @Sendable () throws(EnvironmentError) -> Void

    /// The last LSN given out.
    var lastLSN: UInt64
    /// The group that gathers; nil while the next segment is not ready.
    var openGroup: GroupBuffer?
    /// The group that is being written.
    var writingGroup: GroupBuffer?
    /// Buffers without a group, which readers may still have pinned.
    var freeBuffers: [GroupBuffer] = []
    /// The segments of the history, the one that `openGroup` is in included.
    var table: SegmentTable
    /// Where the next group begins, if there is room behind it in the last segment of `table`.
    var tailOffset: Int
    /// Segments ready for use, and numbered files they came from.
    var spares: [Segment] = []
    /// The last segment whose header and name are on the disk; `table` may be one ahead of it.
    var begunNumber: UInt64
    /// Whether a segment is being prepared right now.
    var isPreparing = false
    /// Segments that the index has made unnecessary, and that readers may still have pinned.
    var retired: [Segment] = []
    /// Bytes that a batch larger than a segment needs; the preparing thread looks for it.
    var wantedSegmentBytes = 0
    /// Whether the last attempt to prepare a segment found no space.
    var isOutOfSpace = false
    /// Whether a batch was refused for that since.
    var hasRefused = false
    /// Writers of large batches that wait for an empty group, for which the others step back.
    var exclusiveWaiters = 0
    /// Why nothing is acknowledged any more.
    var failure: StoreError?
    var isClosing = false
    /// Whether writers hold back, be it for room elsewhere than in the journal.
    var areWritersSlowed = false
    /// How often it was looked whether they may go on.
    var lookCount: UInt64 = 0
    /// Somebody waits for everything up to this LSN to be synced, whatever the policy.
    var wantedSyncLSN: UInt64 = 0
    /// Bytes reserved in groups since the journal was opened: how far it has come.
    var position: UInt64 = 0
    /// Groups written.
    var groupCount: UInt64 = 0
    var lastSyncTime: MonotonicTime?
    /// The segments that readers have pinned.
    var pins: [SegmentPin] = []
    var spareCounter: UInt64 = 0

    /// There is a group to take, a sync wanted, or an end to come: the journal thread waits for it.
    let workArrived = OrderCondition()
    /// A group was taken, a segment became ready, a checkpoint ended, or something failed: writers wait for it.
    let roomArrived = OrderCondition()
    /// A segment is wanted, or some can be recycled: the preparing thread waits for it.
    let segmentWanted = OrderCondition()
    /// `syncedLSN` grew, or something failed.
    let syncArrived = OrderCondition()

    /// Every record up to it may be acknowledged.
    let durableLSN: Atomic<UInt64>
    /// Every record up to it is synced.
    let syncedLSN: Atomic<UInt64>
    /// The place behind the last group that was written: what is before it is read from segments, not from groups.
    let writtenEnd: Atomic<UInt64>

    var threads: [BackgroundThread] = []

    /// - Parameters:
    ///   - table: The segments that recovery found to be needed, the last of which `end` is in.
    ///   - end: Where the history ends.
    init(
        order: OrderLock,
        disk: any JournalDisk,
        directory: String,
        policy: SyncPolicy,
        limits: StoreLimits,
        progress: ProgressListeners,
        table: SegmentTable,
        end: JournalEnd,
        syncKeys: @escaping @Sendable () throws(EnvironmentError) -> Void
    ) {
        self.order = order
        self.disk = disk
        self.directory = directory
        self.policy = policy
        self.limits = limits
        self.progress = progress
        self.syncKeys = syncKeys
        self.table = table
        lastLSN = end.lastLSN
        begunNumber = end.segmentNumber
        // Behind the last segment's end there may be a torn tail, which nothing must follow: the next group begins a
        // segment.
        tailOffset = table.segments.last?.bytes ?? 0
        durableLSN = Atomic(end.lastLSN)
        syncedLSN = Atomic(end.lastLSN)
        writtenEnd = Atomic(JournalPlace(segment: end.segmentNumber, offset: Int(end.offset)).rawValue)
    }
}
