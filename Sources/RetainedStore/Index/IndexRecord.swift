/// A value of the database `retained`, where it lies in LMDB's map.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | version |
/// | 8 | 16 | data-key id |
/// | 24 | 1 | record type |
/// | 25 | 1 | collection |
/// | 26 | 6 | zero |
/// | 32 | … | sealed bytes |
struct IndexRecord {
    static let headerBytes = 32

    let value: UnsafeRawBufferPointer

    /// nil for a value that is too short to be one.
    init?(_ value: UnsafeRawBufferPointer) {
        guard value.count >= Self.headerBytes + XAES256GCM.overheadBytes else { return nil }
        self.value = value
    }

    var version: UInt64 { value.loadLittleEndian(at: 0) }
    var dataKeyID: DataKeyID { value.loadLittleEndian(at: 8) }
    var type: UInt8 { value[24] }
    var collection: UInt8 { value[25] }
    var sealed: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: value[Self.headerBytes...]) }

    /// The length of a value.
    static func bytes(sealedBytes: Int) -> Int { headerBytes + sealedBytes }

    /// Writes a journal record's content as a value.
    static func write(_ record: JournalRecord, into value: UnsafeMutableRawBufferPointer) {
        value.storeLittleEndian(record.version, at: 0)
        value.storeLittleEndian(record.dataKeyID, at: 8)
        value.storeLittleEndian(record.type, at: 24)
        value.storeLittleEndian(record.collection, at: 25)
        value.storeLittleEndian(UInt16(0), at: 26)
        value.storeLittleEndian(UInt32(0), at: 28)
        UnsafeMutableRawBufferPointer(rebasing: value[headerBytes...]).copyMemory(from: record.sealed)
    }
}
