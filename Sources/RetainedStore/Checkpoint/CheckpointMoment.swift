/// The moments of a checkpoint, of a pass over the index, and of a compaction, between which a crash leaves something different (CrashModel.md).
package enum CheckpointMoment: Sendable {
    /// The overlay is frozen; nothing has been moved.
    case overlayFrozen
    /// A chunk is in the index, others are not.
    case chunkCommitted
    /// Everything is in the index, whose meta page may not be on the disk.
    case lastChunkCommitted
    /// The index is on the disk; no segment has been retired.
    case indexSynced
    /// The sweeper has found what has expired, and cleared none of it yet.
    case expiredFound
    /// Some chunks of a pass over the index are committed, others are not.
    case passCommitted
    /// A compaction has copied or compared some records.
    case copyAdvanced
    /// The copy is whole and on the disk.
    case copySynced
    /// It has the index's name, perhaps not on the disk.
    case copyNamed
    /// It has the index's name on the disk.
    case copyInPlace
}
