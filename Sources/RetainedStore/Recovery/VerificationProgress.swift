/// How far verifying has come.
public struct VerificationProgress: Equatable, Sendable {
    /// What is being read.
    public enum Part: Sendable {
        /// The journal; counted in segments.
        case journal
        /// The index; counted in records.
        case index
    }

    public var part: Part
    public var doneCount: UInt64
    public var totalCount: UInt64
}
