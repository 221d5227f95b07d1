/// How far a backup has come.
public struct BackupProgress: Hashable, Sendable {
    /// What is being done.
    public enum Part: String, Hashable, Sendable {
        /// Records of the index are being copied.
        case index
        /// What the journal has brought meanwhile is being applied.
        case journal
        /// What was copied is being opened and checked.
        case verification
    }

    public var part: Part
    /// Records done.
    public var doneCount: UInt64
    /// Records that there were when the part began; 0: not known.
    public var totalCount: UInt64
}
