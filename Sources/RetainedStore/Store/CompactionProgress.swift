/// How far a compaction has come.
public struct CompactionProgress: Equatable, Sendable {
    /// What is being done: the one, then the other.
    public enum Part: String, Sendable {
        /// The index is written anew beside itself.
        case copying
        /// The two are compared.
        case comparing
    }

    public var part: Part
    /// Records copied, or compared.
    public var doneCount: UInt64
    /// Records in the index, as far as is known.
    public var totalCount: UInt64
}
