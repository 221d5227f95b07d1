import Testing

@testable import RetainedStore

@Suite("The cache of tokens")
struct BlindTokenCacheTests {
    @Test("a prefix of equal hash and length is not taken for another")
    func collision() {
        var cache = BlindTokenCache(entriesCount: 4)
        let key = [UInt8](0..<17)
        var output = [UInt8](repeating: 0, count: 129)
        func copy(_ prefix: String, hash: UInt64) -> Int {
            Array(prefix.utf8).withUnsafeBytes { prefix in
                output.withUnsafeMutableBytes { cache.copyKey(ofPrefix: prefix, hash: hash, to: $0.baseAddress!) }
            }
        }
        Array("abc".utf8).withUnsafeBytes { prefix in
            key.withUnsafeBytes { cache.remember(prefix: prefix, hash: 5, key: $0.baseAddress!, keyBytes: key.count) }
        }
        #expect(copy("abc", hash: 5) == 17)
        #expect(Array(output[..<17]) == key)
        #expect(copy("abd", hash: 5) == 0)
        #expect(copy("ab", hash: 5) == 0)
        #expect(copy("abc", hash: 9) == 0)
        #expect(copy("", hash: 0) == 0)
    }

    @Test("what is too long or too deep is not remembered")
    func limits() {
        var cache = BlindTokenCache(entriesCount: 1)
        let key = [UInt8](repeating: 1, count: 145)
        var output = [UInt8](repeating: 0, count: 145)
        for (prefixBytes, keyBytes, isRemembered) in [(111, 129, true), (112, 129, false), (111, 145, false)] {
            let prefix = [UInt8](repeating: 2, count: prefixBytes)
            let hash = UInt64(prefixBytes * 1_000 + keyBytes)
            prefix.withUnsafeBytes { prefix in
                key.withUnsafeBytes {
                    cache.remember(prefix: prefix, hash: hash, key: $0.baseAddress!, keyBytes: keyBytes)
                }
                let found = output.withUnsafeMutableBytes {
                    cache.copyKey(ofPrefix: prefix, hash: hash, to: $0.baseAddress!)
                }
                #expect(found == (isRemembered ? keyBytes : 0))
            }
        }
    }
}
