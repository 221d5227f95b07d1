import Testing

@testable import RetainedStore

@Suite struct SetDigestTests {
    private let key = [UInt8](repeating: 3, count: 32).secret

    @Test("Each record adds what Format.md says")
    func formula() throws {
        let tag = UInt128(0x0123_4567_89AB_CDEF) << 64 | 77
        let version: UInt64 = 42
        var digest = try SetDigest(key: key)
        digest.insert(tag: tag, version: version)
        var cipher = try AES256ECB(key: key)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 16)
        defer { block.deallocate() }
        block.storeLittleEndian(tag, at: 0)
        cipher.encrypt(block)
        // version ‖ zero (8), little-endian: the low half.
        block.storeLittleEndian(
            UnsafeRawBufferPointer(block).loadLittleEndian(at: 0, as: UInt128.self) ^ UInt128(version),
            at: 0
        )
        cipher.encrypt(block)
        #expect(digest.value() == UnsafeRawBufferPointer(block).loadLittleEndian(at: 0, as: UInt128.self))
    }

    @Test("The order does not matter, and what is counted out leaves no trace")
    func sum() throws {
        var random = SeededGenerator(seed: Seed.value)
        let records = (0..<500).map { _ in
            (tag: UInt128(random.next()) << 64 | UInt128(random.next()), version: random.next())
        }
        var forwards = try SetDigest(key: key)
        var backwards = try SetDigest(key: key)
        for record in records { forwards.insert(tag: record.tag, version: record.version) }
        for record in records.reversed() { backwards.insert(tag: record.tag, version: record.version) }
        let value = forwards.value()
        #expect(value == backwards.value())
        for record in records[100...] { forwards.remove(tag: record.tag, version: record.version) }
        var first = try SetDigest(key: key)
        for record in records[..<100] { first.insert(tag: record.tag, version: record.version) }
        #expect(forwards.value() == first.value())
        #expect(forwards.value() != value)
        var resumed = try SetDigest(key: key, sum: first.value())
        for record in records[100...] { resumed.insert(tag: record.tag, version: record.version) }
        #expect(resumed.value() == value)
    }
}
