/// How far an unfinished backup has come, as its own index keeps it, committed with what was copied.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | LSN of the next record of the journal |
/// | 8 | … | the blind key at which copying goes on; none: at the first |
struct BackupNote {
    /// The key in `meta` that it stands under.
    static let metaKey = "backup"

    var nextLSN: UInt64
    var nextKey: [UInt8]

    init(nextLSN: UInt64, nextKey: [UInt8]) {
        self.nextLSN = nextLSN
        self.nextKey = nextKey
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard (8...8 + BlindTopicKey.bytesMax).contains(bytes.count) else { return nil }
        nextLSN = bytes.loadLittleEndian(at: 0)
        nextKey = Array(bytes[8...])
    }

    func put(_ writer: IndexWriter) throws(IndexError) {
        let bytes = withUnsafeBytes(of: nextLSN.littleEndian) { Array($0) } + nextKey
        let span = bytes.span
        try span.withUnsafeBytes { bytes throws(IndexError) in try writer.putMeta(Self.metaKey, bytes) }
    }
}
