/// What became of the clears of expired messages.
enum ClearOutcome {
    /// So many were ordered; the others had got newer values meanwhile. They are durable with this LSN; 0 if there were none.
    case ordered(count: Int, lastLSN: UInt64)
    /// There is no room at the moment: in the overlay, where a checkpoint makes some, or in the journal.
    case noRoom(isCheckpointWanted: Bool)
}
