/// What the index says of the messages in it that expire, and how far the pass that clears expired ones has come.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | no record of the index expires before, seconds since 1970; all ones: none does |
/// | 8 | 8 | the same of those that the pass under way has looked at and kept |
/// | 16 | 8 | the same of those that came into the index since it began |
/// | 24 | … | blind key at which it goes on; nothing: none is under way |
struct ExpiryNote: Equatable {
    /// The key in `meta`.
    static let metaKey = "expiry"
    /// Stands for a time that never comes.
    static let never = UInt64.max
    private static let fixedBytes = 24

    /// A lower bound: what it was computed from may have been replaced or cleared since.
    var earliestSeconds = ExpiryNote.never
    var keptSeconds = ExpiryNote.never
    var arrivedSeconds = ExpiryNote.never
    var nextKey: [UInt8] = []

    /// What can be said of an index without a note: nothing, so that all of it is looked at once.
    static let unknown = ExpiryNote(earliestSeconds: 0)

    init(earliestSeconds: UInt64 = ExpiryNote.never) {
        self.earliestSeconds = earliestSeconds
    }

    /// nil for bytes that are no note.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.fixedBytes, bytes.count <= Self.fixedBytes + BlindTopicKey.bytesMax else {
            return nil
        }
        earliestSeconds = bytes.loadLittleEndian(at: 0)
        keptSeconds = bytes.loadLittleEndian(at: 8)
        arrivedSeconds = bytes.loadLittleEndian(at: 16)
        nextKey = Array(bytes[Self.fixedBytes...])
    }

    /// Takes in that records which expire at this time at the earliest come into the index.
    mutating func arrive(_ seconds: UInt64) {
        earliestSeconds = min(earliestSeconds, seconds)
        arrivedSeconds = min(arrivedSeconds, seconds)
    }

    /// Puts the note into `meta`, to be committed with what the writer has applied.
    func put(_ writer: IndexWriter) throws(IndexError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.fixedBytes + nextKey.count, alignment: 8)
        defer { bytes.deallocate() }
        bytes.storeLittleEndian(earliestSeconds, at: 0)
        bytes.storeLittleEndian(keptSeconds, at: 8)
        bytes.storeLittleEndian(arrivedSeconds, at: 16)
        UnsafeMutableRawBufferPointer(rebasing: bytes[Self.fixedBytes...]).copyBytes(from: nextKey)
        try writer.putMeta(Self.metaKey, UnsafeRawBufferPointer(bytes))
    }
}
