/// What became of a batch that was to be ordered.
enum BatchOrdering {
    /// It has its place in the journal.
    case ordered(JournalReservation)
    /// Nothing was done: its data keys have been replaced since it was gathered.
    case keysReplaced
    /// Nothing was done: whoever gathered it does not want it as it is any more.
    case calledOff
}
