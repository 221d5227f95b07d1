/// What shredding a namespace did.
public struct ShredReport: Hashable, Sendable {
    /// Data keys that were destroyed: one for each generation.
    public var keyCount = 0
    /// Records that were removed from the index.
    public var removedCount: UInt64 = 0
    /// The last LSN that was sealed with the keys that are no more.
    public var lastLSN: UInt64 = 0
    /// Whether the keyring is kept apart from the store, so that no copy of the store has one of its own, and the shred
    /// reaches all of them.
    public var isKeyringApart: Bool
    /// Whether the namespace shared a key with others, so that earlier backups lose theirs too.
    public var hadSharedKey = false
    /// Records of others that were sealed anew for that.
    public var neighbourRecordCount: UInt64 = 0

    /// Records of the namespace that are still in the journal's files, until those are written over, and that were tried
    /// with every key of the namespace that the keyring's file holds now; at most 10,000.
    public var triedCount: UInt64 = 0
    /// Those of them that opened: none, or the shred has failed.
    public var openedCount: UInt64 = 0

    init(isKeyringApart: Bool) {
        self.isKeyringApart = isKeyringApart
    }
}
