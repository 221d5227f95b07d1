/// What of a store is synced, each part by calls of its own.
package enum SyncedPart: String, Sendable, CaseIterable {
    /// Groups, or the header, of a segment.
    case segment
    /// The zeros that a new segment is filled with.
    case zeros
    /// The names in the journal's directory.
    case directory
    case keyring
    case anchor
    /// The names in the store's directory.
    case storeDirectory
    case index
    /// Nothing: the end of a store's life.
    case nothing
}
