/// What compacting a store's index achieved.
public struct CompactionReport: Equatable, Sendable {
    /// Bytes of the index file before.
    public var bytesBefore: UInt64
    /// Bytes of the index file after; as before if there was nothing to gain.
    public var bytesAfter: UInt64
    /// Retained messages in the index, each of which was compared in both files.
    public var recordCount: UInt64
}
