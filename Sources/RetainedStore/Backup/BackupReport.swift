/// What a backup did.
public struct BackupReport: Hashable, Sendable {
    /// How much of the store was read.
    public enum Mode: String, Hashable, Sendable {
        /// Everything: there was no earlier backup, or the journal no longer reaches back to it, or keys have been
        /// destroyed since.
        case full
        /// What an earlier run had not come to.
        case resumed
        /// The journal from where the last backup ended.
        case incremental
    }

    /// How much of the store was read.
    public var mode: Mode
    /// Everything up to it is in the backup, and nothing beyond.
    public var lastLSN: UInt64 = 0
    /// Messages in the backup.
    public var recordCount: UInt64 = 0
    /// Records of the journal that were applied, having come while the backup ran or since the last one.
    public var journalRecordCount: UInt64 = 0
    /// How often the journal went on faster than the backup could follow, so that it read the index once more.
    public var restartCount = 0
    /// Whether the backup has a copy of the keyring, as it has where the keyring lies in the store.
    public var hasKeyring: Bool
    /// Seconds that it took, verifying it included.
    public var seconds = 0.0

    init(mode: Mode, hasKeyring: Bool) {
        self.mode = mode
        self.hasKeyring = hasKeyring
    }
}
