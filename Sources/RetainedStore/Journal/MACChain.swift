/// The chain of MACs through a segment: each group's covers the one before, so that none can be left out or moved.
///
/// MAC(n) = AES-CMAC(journal key, MAC(n−1) ‖ bytes 8…31 of the group ‖ for each record: version (8) ‖ tag (16)).
/// Not for two threads at once.
struct MACChain: ~Copyable {
    /// Bytes gathered before the cipher is called: large enough to make calls rare, small enough for the cache.
    private static let gatherBytesMax = 4_096
    private static let tagBytes = 16
    private static let itemBytes = 24

    /// The last group's MAC, or the segment header's.
    var last: UInt128 = 0
    private var cipher: AESCMAC
    private let gathered: UnsafeMutableRawBufferPointer

    init(key: SecretBytes) throws(EnvironmentError) {
        cipher = try AESCMAC(key: key)
        gathered = .allocate(byteCount: Self.gatherBytesMax, alignment: 16)
    }

    deinit {
        gathered.deallocate()
    }

    /// The MAC of a group whose records are complete and whose header lacks nothing but MAC and checksum.
    ///
    /// The caller has checked that the records lie within the group. `last` stays as it is.
    mutating func mac(of group: UnsafeRawBufferPointer, recordCount: Int) -> UInt128 {
        gathered.storeLittleEndian(last, at: 0)
        var filled = 16
        for offset in stride(from: GroupHeader.macRange.lowerBound, to: GroupHeader.macRange.upperBound, by: 8) {
            gathered.storeLittleEndian(group.loadLittleEndian(at: offset, as: UInt64.self), at: filled)
            filled += 8
        }
        guard let base = group.baseAddress else { return 0 }
        var record = JournalRecord(base: base + GroupHeader.bytes)
        for _ in 0..<recordCount {
            if filled + Self.itemBytes > gathered.count {
                cipher.update(UnsafeRawBufferPointer(rebasing: gathered[..<filled]))
                filled = 0
            }
            gathered.storeLittleEndian(record.version, at: filled)
            let tag = record.base + JournalRecord.headerBytes + record.keyBytes + record.sealedBytes - Self.tagBytes
            gathered.storeBytes(of: tag.loadUnaligned(as: UInt128.self), toByteOffset: filled + 8, as: UInt128.self)
            filled += Self.itemBytes
            record = JournalRecord(base: record.base + record.recordBytes)
        }
        cipher.update(UnsafeRawBufferPointer(rebasing: gathered[..<filled]))
        return cipher.finish()
    }
}
