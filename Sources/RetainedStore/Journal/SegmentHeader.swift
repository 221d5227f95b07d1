/// The first block of a segment: which part of which history it holds.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHJN` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | zero |
/// | 12 | 4 | feature flags: none are defined |
/// | 16 | 16 | set id |
/// | 32 | 16 | timeline |
/// | 48 | 8 | segment number, from 1 without gaps |
/// | 56 | 8 | LSN of the first record, from 1 to 2⁶² |
/// | 64 | 8 | segment bytes |
/// | 72 | 4 | salt, random for every use |
/// | 76 | 4 | zero |
/// | 80 | 8 | the predecessor's end: offset behind its last group; 0 for the first segment |
/// | 88 | 16 | the predecessor's last MAC; zero for the first segment |
/// | 104 | 16 | AES-CMAC(journal key, bytes 0…103) |
/// | 120 | 4 | CRC-32C of bytes 0…119 |
/// | 124 | … | zero |
struct SegmentHeader: Equatable {
    /// Bytes before the first group: a block of its own, so that no group's sector is ever written with it.
    static let blockBytes = 4_096
    static let magic: UInt64 = 0x00_4E_4A_48_43_54_41_4C
    static let formatVersion: UInt16 = 1
    /// No history comes this far; what is read beyond it would overflow where records are counted.
    static let firstLSNMax: UInt64 = 1 << 62
    private static let macOffset = 104
    private static let checksumOffset = 120
    private static let fieldBytes = 124

    var setID: SetID
    var timeline: Timeline
    var number: UInt64
    var firstLSN: UInt64
    var segmentBytes: UInt64
    var salt: UInt32
    var predecessorEnd: UInt64
    var predecessorMAC: UInt128

    /// Writes the header into a zeroed block; returns its MAC, with which the chain of the groups' MACs begins.
    func encode(into block: UnsafeMutableRawBufferPointer, cipher: inout AESCMAC) -> UInt128 {
        precondition(block.count == Self.blockBytes, "a segment's header has a block of its own")
        block.storeLittleEndian(Self.magic, at: 0)
        block.storeLittleEndian(Self.formatVersion, at: 8)
        block.storeLittleEndian(setID, at: 16)
        block.storeLittleEndian(timeline, at: 32)
        block.storeLittleEndian(number, at: 48)
        block.storeLittleEndian(firstLSN, at: 56)
        block.storeLittleEndian(segmentBytes, at: 64)
        block.storeLittleEndian(salt, at: 72)
        block.storeLittleEndian(predecessorEnd, at: 80)
        block.storeLittleEndian(predecessorMAC, at: 88)
        let mac = cipher.tag(of: UnsafeRawBufferPointer(rebasing: block[..<Self.macOffset]))
        block.storeLittleEndian(mac, at: Self.macOffset)
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: block[..<Self.checksumOffset]))
        block.storeLittleEndian(checksum, at: Self.checksumOffset)
        return mac
    }

    /// Reads a header and its MAC; without the cipher (no key given) the MAC is taken at its word.
    static func decode(
        _ block: UnsafeRawBufferPointer,
        file: String,
        cipher: inout AESCMAC?
    ) throws(StoreError) -> (header: SegmentHeader, mac: UInt128) {
        func check<Value: FixedWidthInteger>(_ field: String, at offset: Int, _ expected: Value, _ found: Value)
            throws(StoreError)
        {
            if expected == found { return }
            let (expected, found) = (String(expected, radix: 16), String(found, radix: 16))
            throw .damaged(file, at: offset, field, expected: "0x" + expected, found: "0x" + found)
        }
        try check("segment header bytes", at: 0, blockBytes, block.count)
        try check("magic", at: 0, magic, block.loadLittleEndian(at: 0))
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: block[..<checksumOffset]))
        try check("CRC-32C of the header", at: checksumOffset, checksum, block.loadLittleEndian(at: checksumOffset))
        let version = block.loadLittleEndian(at: 8, as: UInt16.self)
        if version != formatVersion { throw .unsupported(file: file, what: "format version \(version)") }
        let flags = block.loadLittleEndian(at: 12, as: UInt32.self)
        if flags != 0 { throw .unsupported(file: file, what: "feature flags 0x" + String(flags, radix: 16)) }
        try check("zero", at: 10, 0, block.loadLittleEndian(at: 10, as: UInt16.self))
        try check("zero", at: 76, 0, block.loadLittleEndian(at: 76, as: UInt32.self))
        if let offset = block[fieldBytes...].firstIndex(where: { $0 != 0 }) {
            try check("zero", at: offset, 0, block[offset])
        }
        let mac = block.loadLittleEndian(at: macOffset, as: UInt128.self)
        if let expected = cipher?.tag(of: UnsafeRawBufferPointer(rebasing: block[..<macOffset])) {
            try check("MAC of the header", at: macOffset, expected, mac)
        }
        let firstLSN = block.loadLittleEndian(at: 56, as: UInt64.self)
        guard (1...firstLSNMax).contains(firstLSN) else {
            throw .damaged(
                file,
                at: 56,
                "LSN of the first record",
                expected: "1 to \(firstLSNMax)",
                found: "\(firstLSN)"
            )
        }
        let header = SegmentHeader(
            setID: block.loadLittleEndian(at: 16),
            timeline: block.loadLittleEndian(at: 32),
            number: block.loadLittleEndian(at: 48),
            firstLSN: firstLSN,
            segmentBytes: block.loadLittleEndian(at: 64),
            salt: block.loadLittleEndian(at: 72),
            predecessorEnd: block.loadLittleEndian(at: 80),
            predecessorMAC: block.loadLittleEndian(at: 88)
        )
        return (header, mac)
    }
}
