/// SipHash-2-4 with 128 bits of output, from the paper and the reference code's description: the second opinion for tokens.
enum ReferenceSipHash {
    static func hash(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        let (k0, k1) = (word(key[0..<8]), word(key[8..<16]))
        var v: [UInt64] = [
            k0 ^ 0x736F_6D65_7073_6575, k1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE,
            k0 ^ 0x6C79_6765_6E65_7261, k1 ^ 0x7465_6462_7974_6573,
        ]
        func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
        func rounds(_ count: Int) {
            for _ in 0..<count {
                v[0] &+= v[1]
                v[1] = rotate(v[1], 13) ^ v[0]
                v[0] = rotate(v[0], 32)
                v[2] &+= v[3]
                v[3] = rotate(v[3], 16) ^ v[2]
                v[0] &+= v[3]
                v[3] = rotate(v[3], 21) ^ v[0]
                v[2] &+= v[1]
                v[1] = rotate(v[1], 17) ^ v[2]
                v[2] = rotate(v[2], 32)
            }
        }
        func absorb(_ word: UInt64) {
            v[3] ^= word
            rounds(2)
            v[0] ^= word
        }
        let whole = message.count / 8 * 8
        for offset in stride(from: 0, to: whole, by: 8) { absorb(word(message[offset..<offset + 8])) }
        absorb(word(message[whole...]) | UInt64(truncatingIfNeeded: message.count) << 56)
        v[2] ^= 0xEE
        rounds(4)
        let low = v[0] ^ v[1] ^ v[2] ^ v[3]
        v[1] ^= 0xDD
        rounds(4)
        let high = v[0] ^ v[1] ^ v[2] ^ v[3]
        return [low, high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    }
}
