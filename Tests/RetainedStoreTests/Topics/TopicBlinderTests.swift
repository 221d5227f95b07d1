import Testing

@testable import RetainedStore

@Suite("Blind keys of topics")
struct TopicBlinderTests {
    private let indexKey = [UInt8](0..<16)
    private let blinder: TopicBlinder

    init() throws {
        blinder = try TopicBlinder(indexKey: indexKey.secret)
    }

    private func blind(_ topic: [UInt8]) -> [UInt8] {
        var key = [UInt8](repeating: 0xEE, count: BlindTopicKey.bytesMax)
        let count = key.withUnsafeMutableBytes { key in topic.withUnsafeBytes { blinder.blind($0, into: key) } }
        return Array(key[..<count])
    }

    @Test("agree with the format, first and again, whatever was blinded before", arguments: 0..<4)
    func agreement(_ round: UInt64) {
        let seed = Seed.value &+ round
        var vocabulary = TopicVocabulary(seed: seed)
        for _ in 0..<1_500 {
            let topic = Array(vocabulary.topic().utf8)
            #expect(
                blind(topic) == ReferenceBlindKey.key(ofTopic: topic, indexKey: indexKey),
                "\(String(decoding: topic, as: UTF8.self)), seed \(seed)"
            )
        }
    }

    @Test(
        "have a token for each level up to the 30th, and one for the rest",
        arguments: [1, 2, 8, 9, 10, 29, 30, 31, 32, 40, 200]
    )
    func depths(_ depth: Int) {
        let topic = Array((0..<depth).map { "level\($0)" }.joined(separator: "/").utf8)
        for _ in 0..<2 {
            let key = blind(topic)
            #expect(key.count == 1 + 16 * min(depth, 31))
            #expect(key.count == BlindTopicKey.bytes(levels: depth))
            #expect(key == ReferenceBlindKey.key(ofTopic: topic, indexKey: indexKey))
            #expect(key.withUnsafeBytes { BlindTopicKey.isWellFormed($0) })
        }
    }

    @Test(
        "levels of every length, with and without parents",
        arguments: [0, 1, 7, 8, 9, 110, 111, 112, 239, 240, 241, 256, 300, 20_000]
    )
    func lengths(_ count: Int) {
        let level = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        let slash = UInt8(ascii: "/")
        let folded = [UInt8](repeating: slash, count: 30) + level
        for topic in [level, level + [slash] + level, [slash] + level, level + [slash], folded] where !topic.isEmpty {
            for _ in 0..<2 {
                #expect(blind(topic) == ReferenceBlindKey.key(ofTopic: topic, indexKey: indexKey), "\(count) bytes")
            }
        }
    }

    @Test("slashes at either end are levels, and topics of the broker have a class of their own")
    func empties() {
        let keys = ["a", "/a", "a/", "/a/", "//", "/", "a//b", "a/b", "$a", "$a/b"].map { blind(Array($0.utf8)) }
        #expect(Set(keys).count == keys.count)
        #expect(keys.map { ($0.count - 1) / 16 } == [1, 2, 2, 3, 3, 2, 3, 2, 1, 2])
        #expect(keys.map { $0[0] } == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
        let namespaces = keys.map { key in key.withUnsafeBytes { BlindTopicKey.namespace(of: $0) } }
        #expect(namespaces[0] == namespaces[2] && namespaces[0] == namespaces[6] && namespaces[0] != namespaces[1])
    }

    @Test("a folded token is never a level's")
    func folding() {
        let parents = [UInt8](Array(repeating: UInt8(ascii: "/"), count: 30))
        let key = blind(parents + Array("x".utf8))
        let unfolded = ReferenceSipHash.hash(Array(key[465..<481]) + Array("x".utf8), key: indexKey)
        #expect(Array(key[481...]) != unfolded)
    }
}
