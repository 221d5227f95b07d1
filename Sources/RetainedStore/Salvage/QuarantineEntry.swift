/// What an entry of a quarantine file holds (Salvage.md).
enum QuarantineEntry: UInt8 {
    /// A node of a leaf page of the index: blind key and record, as LMDB has them.
    case indexNode = 1
    /// A page of the index.
    case indexPage = 2
    /// A record of the journal.
    case journalRecord = 3
    /// A part of the journal in which nothing vouches for what is there.
    case journalRegion = 4
    /// A record of the index whose value has pages of its own: blind key and value.
    case indexRecord = 5
}
