/// A record that a salvage did not keep.
public struct UnsavedRecord: Equatable, Sendable {
    /// Where it stood.
    public enum Region: String, Sendable {
        case index
        case journal
    }

    /// What became of what it belongs to.
    public enum Outcome: Equatable, Sendable {
        /// Nothing of it is left.
        case lost
        /// What was there before is there again.
        case olderKept(version: UInt64)
        /// Nothing is missing: what came later is there, or a clear came later.
        case newerKept(version: UInt64)
        /// What it was a record of can not be read.
        case unknown
    }

    public var region: Region
    /// What is wrong with it, and where: the file, the offset of the field, what should stand there and what does.
    public var damage: Damage
    /// As it is read; unauthentic. nil: unreadable.
    public var version: UInt64?
    /// The data key that it names, in hexadecimal; unauthentic.
    public var dataKeyID: String?
    /// The topic, where what was kept under the same key tells it.
    public var topic: String?
    public var outcome = Outcome.unknown
}
