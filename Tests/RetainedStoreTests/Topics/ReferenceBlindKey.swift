/// Blind keys as Format.md describes them, without any cache.
enum ReferenceBlindKey {
    static func key(ofTopic topic: [UInt8], indexKey: [UInt8]) -> [UInt8] {
        let levels = topic.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var key: [UInt8] = [topic.first == UInt8(ascii: "$") ? 1 : 0]
        var token: [UInt8] = []
        for level in levels.prefix(30) {
            token = ReferenceSipHash.hash(token + level, key: indexKey)
            key += token
        }
        if levels.count > 30 {
            let folded = Array(levels[30...].joined(separator: [UInt8(ascii: "/")]))
            key += ReferenceSipHash.hash(token + [0xFF] + folded, key: indexKey)
        }
        return key
    }
}
