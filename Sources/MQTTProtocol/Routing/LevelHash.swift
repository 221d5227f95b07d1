/// A keyed hash of topic levels and of their place in the trie.
///
/// Clients choose the levels, so the hash must be keyed, or a client could choose them to collide. It folds a 64 × 64
/// bit product, as wyhash does: two nanoseconds a level, where SipHash takes ten times as long. It is no cryptographic
/// hash and never leaves the process.
struct LevelHash: Sendable {
    private let first: UInt64
    private let second: UInt64

    /// - Parameter seed: Secret to the clients; the same seed gives the same hashes.
    init(seed: UInt64) {
        first = Self.fold(seed ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
        second = Self.fold(seed ^ 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3)
    }

    /// The hash of a level below a node.
    func hash(_ key: LevelKey, parent: UInt32) -> UInt32 {
        let level = Self.fold(key.low ^ first, key.high ^ second)
        let place = Self.fold(level ^ second, UInt64(parent) ^ first)
        return UInt32(truncatingIfNeeded: place ^ (place >> 32))
    }

    /// The hash of any number of bytes.
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = Self.fold(UInt64(bytes.count) ^ first, second)
        var offset = 0
        while offset + 8 <= bytes.count {
            state = Self.fold(state ^ first, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ second)
            offset += 8
        }
        var rest: UInt64 = 0
        for position in offset..<bytes.count { rest = rest << 8 | UInt64(bytes[position]) }
        return Self.fold(state ^ first, rest ^ second)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
