/// What stands before the records of a group.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | magic `GRUP` |
/// | 4 | 4 | CRC-32C, seeded with the segment's salt, of bytes 8… of the group |
/// | 8 | 8 | LSN of the first record |
/// | 16 | 8 | durable LSN when the group was written |
/// | 24 | 4 | number of records; 0 makes it a mark |
/// | 28 | 4 | group bytes, header included |
/// | 32 | 16 | MAC |
struct GroupHeader: Equatable {
    static let bytes = 48
    static let magic: UInt32 = 0x50_55_52_47
    /// Groups are a multiple of this long.
    static let alignment = 8
    /// What the CRC-32C does not cover.
    static let checksumStart = 8
    /// The part of the header that the MAC covers.
    static let macRange = 8..<32
    private static let macOffset = 32

    var firstLSN: UInt64
    var durableLSN: UInt64
    var recordCount: UInt32
    var groupBytes: UInt32
    var mac: UInt128 = 0
    var checksum: UInt32 = 0

    /// Writes everything but MAC and checksum, which need the rest of the group.
    func encode(into group: UnsafeMutableRawBufferPointer) {
        group.storeLittleEndian(Self.magic, at: 0)
        group.storeLittleEndian(UInt32(0), at: 4)
        group.storeLittleEndian(firstLSN, at: 8)
        group.storeLittleEndian(durableLSN, at: 16)
        group.storeLittleEndian(recordCount, at: 24)
        group.storeLittleEndian(groupBytes, at: 28)
        group.storeLittleEndian(UInt128(0), at: Self.macOffset)
    }

    /// Completes a group by its MAC and then its checksum.
    static func complete(_ group: UnsafeMutableRawBufferPointer, mac: UInt128, salt: UInt32) {
        group.storeLittleEndian(mac, at: macOffset)
        group.storeLittleEndian(checksum(of: UnsafeRawBufferPointer(group), salt: salt), at: 4)
    }

    /// The checksum that a whole group should have.
    static func checksum(of group: UnsafeRawBufferPointer, salt: UInt32) -> UInt32 {
        CRC32C.checksum(UnsafeRawBufferPointer(rebasing: group[checksumStart...]), seed: salt)
    }

    /// Reads a header; nil if these bytes can not begin a group that ends within `bytesMax`.
    init?(_ bytes: UnsafeRawBufferPointer, bytesMax: Int) {
        guard bytes.count >= Self.bytes, bytes.loadLittleEndian(at: 0, as: UInt32.self) == Self.magic else {
            return nil
        }
        checksum = bytes.loadLittleEndian(at: 4)
        firstLSN = bytes.loadLittleEndian(at: 8)
        durableLSN = bytes.loadLittleEndian(at: 16)
        recordCount = bytes.loadLittleEndian(at: 24)
        groupBytes = bytes.loadLittleEndian(at: 28)
        mac = bytes.loadLittleEndian(at: Self.macOffset)
        let length = Int(groupBytes)
        guard length >= Self.bytes, length <= bytesMax, length % Self.alignment == 0 else { return nil }
    }

    init(firstLSN: UInt64, durableLSN: UInt64, recordCount: Int, groupBytes: Int) {
        self.firstLSN = firstLSN
        self.durableLSN = durableLSN
        self.recordCount = UInt32(recordCount)
        self.groupBytes = UInt32(groupBytes)
    }
}
