/// What ordering the clears of expired messages came to.
enum ClearOrdering {
    case reserved(JournalReservation)
    /// Every topic had got a newer value.
    case nothing
    /// The batch's data keys have been replaced.
    case keysReplaced
    /// No room in the overlay, or in the journal.
    case noRoom(isCheckpointWanted: Bool)
}
