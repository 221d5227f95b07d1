/// Why LMDB did not do what it was asked to.
enum IndexError: Error, Equatable {
    /// The map, the quota or the disk is full: passes when there is space again.
    case full
    /// A page is not what LMDB can have written.
    case damaged(code: Int32)
    /// A record that was to be applied is not what was written to the journal.
    case record(StoreError)
    /// The index has been closed.
    case closed
    /// The machine refused.
    case environment(EnvironmentError)
}
