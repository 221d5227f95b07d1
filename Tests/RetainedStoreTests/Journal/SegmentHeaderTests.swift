import Testing

@testable import RetainedStore

@Suite struct SegmentHeaderTests {
    private let key = [UInt8](repeating: 7, count: 32).secret
    private let header = SegmentHeader(
        setID: 1 << 100 | 5,
        timeline: 1 << 90 | 6,
        number: 42,
        firstLSN: 1_000,
        segmentBytes: 65_536,
        salt: 0xDEAD_BEEF,
        predecessorEnd: 8_192,
        predecessorMAC: 1 << 120 | 9
    )

    private func encoded() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SegmentHeader.blockBytes)
        var cipher = try AESCMAC(key: key)
        bytes.withUnsafeMutableBytes { _ = header.encode(into: $0, cipher: &cipher) }
        return bytes
    }

    private func decode(_ bytes: [UInt8]) throws -> SegmentHeader {
        var cipher: AESCMAC? = try AESCMAC(key: key)
        return try bytes.withUnsafeBytes { try SegmentHeader.decode($0, file: "f", cipher: &cipher).header }
    }

    @Test func roundTrip() throws {
        #expect(try decode(encoded()) == header)
    }

    @Test("Fields stand where Format.md says")
    func layout() throws {
        let bytes = try encoded()
        #expect(Array(bytes[0..<8]) == Array("LATCHJN".utf8) + [0])
        #expect(bytes[8] == 1 && bytes[48] == 42 && bytes[72] == 0xEF && bytes[81] == 0x20)
        #expect(bytes[124...].allSatisfy { $0 == 0 })
    }

    @Test("S3: every changed byte of a header is noticed", arguments: [UInt8(1), 0x80])
    func changedBytes(mask: UInt8) throws {
        let bytes = try encoded()
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= mask
            #expect(throws: StoreError.self, "offset \(offset)") { try decode(changed) }
        }
    }

    @Test("A header with a good checksum and a wrong MAC is damage")
    func forged() throws {
        var bytes = try encoded()
        bytes[56] ^= 1
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[..<120])) }
        bytes.withUnsafeMutableBytes { $0.storeLittleEndian(checksum, at: 120) }
        #expect {
            try decode(bytes)
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.field == "MAC of the header" && damage.offset == 104
        }
    }

    @Test("A later format version or a feature flag is refused by name", arguments: [8, 12])
    func unknown(offset: Int) throws {
        var bytes = try encoded()
        bytes[offset] = 2
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[..<120])) }
        bytes.withUnsafeMutableBytes { $0.storeLittleEndian(checksum, at: 120) }
        #expect {
            try decode(bytes)
        } throws: { error in
            if case .unsupported = error as? StoreError { true } else { false }
        }
    }

    @Test(
        "A first LSN that no history has is damage, whoever computed the checksum",
        arguments: [0, 1 << 63, UInt64.max]
    )
    func impossibleLSN(lsn: UInt64) throws {
        var bytes = try encoded()
        let checksum = bytes.withUnsafeMutableBytes { bytes in
            bytes.storeLittleEndian(lsn, at: 56)
            return CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<120]))
        }
        bytes.withUnsafeMutableBytes { $0.storeLittleEndian(checksum, at: 120) }
        // Without the key nobody notices the MAC.
        var cipher: AESCMAC?
        #expect {
            try bytes.withUnsafeBytes { _ = try SegmentHeader.decode($0, file: "f", cipher: &cipher) }
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.field == "LSN of the first record" && damage.offset == 56
        }
    }
}
