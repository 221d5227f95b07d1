import Testing

@testable import RetainedStore

@Suite("AES-256, block by block")
struct AES256ECBTests {
    /// FIPS 197, C.3.
    @Test("gives the standard's example, and so does the reference")
    func example() throws {
        let key = [UInt8](0..<32)
        let block = [UInt8](hexadecimal: "00112233445566778899aabbccddeeff")
        let expected = [UInt8](hexadecimal: "8ea2b7ca516745bfeafc49904b496089")
        #expect(try Self.encrypt(block, key: key) == expected)
        #expect(ReferenceAES256(key: key).encrypt(block) == expected)
    }

    @Test("many blocks at once are the blocks one by one")
    func many() throws {
        var random = SeededGenerator(seed: Seed.value)
        let key = random.bytes(32)
        let reference = ReferenceAES256(key: key)
        let blocks = random.bytes(16 * 33)
        let expected = stride(from: 0, to: blocks.count, by: 16).flatMap {
            reference.encrypt(Array(blocks[$0..<$0 + 16]))
        }
        #expect(try Self.encrypt(blocks, key: key) == expected, "seed \(Seed.value)")
    }

    private static func encrypt(_ blocks: [UInt8], key: [UInt8]) throws -> [UInt8] {
        var cipher = try AES256ECB(key: key.secret)
        var blocks = blocks
        blocks.withUnsafeMutableBytes { cipher.encrypt($0) }
        return blocks
    }
}
