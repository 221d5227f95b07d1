internal import Glibc

/// Remembers the tokens of recent topics or topic prefixes, in a fixed piece of memory.
///
/// Direct-mapped: an entry is overwritten by the next prefix of the same slot, and what it says is compared byte by byte,
/// so that a collision costs a miss and never a wrong token. The hash needs no secret for the same reason. An entry:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | hash of the prefix |
/// | 8 | 2 | prefix bytes; 0: the entry is empty |
/// | 10 | 2 | key bytes |
/// | 12 | 4 | unused |
/// | 16 | 111 | prefix |
/// | 127 | 129 | the key: class byte and up to 8 tokens |
struct BlindTokenCache: ~Copyable {
    private static let entryBytes = 256
    private static let prefixOffset = 16
    private static let keyOffset = 127
    /// Longer prefixes are not remembered.
    static let prefixBytesMax = keyOffset - prefixOffset
    /// Deeper prefixes are not remembered.
    static let levelsMax = (entryBytes - keyOffset - 1) / BlindTopicKey.tokenBytes

    private let memory: UnsafeMutableRawPointer
    private let mask: UInt64

    /// - Parameter entriesCount: A power of two.
    init(entriesCount: Int) {
        precondition(entriesCount > 0 && entriesCount & (entriesCount - 1) == 0, "a power of two")
        self.memory = .allocate(byteCount: entriesCount * Self.entryBytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: entriesCount * Self.entryBytes)
        self.mask = UInt64(entriesCount - 1)
    }

    deinit {
        memory.deallocate()
    }

    /// Copies the key of a prefix to `key` and returns its length; 0 if the prefix is not here.
    @inline(__always)
    func copyKey(
        ofPrefix prefix: UnsafeRawBufferPointer,
        hash: UInt64,
        to key: UnsafeMutableRawPointer
    ) -> Int {
        guard let bytes = prefix.baseAddress else { return 0 }
        let entry = memory + Int(hash & mask) * Self.entryBytes
        guard entry.load(as: UInt64.self) == hash,
            Int(entry.load(fromByteOffset: 8, as: UInt16.self)) == prefix.count,
            memcmp(entry + Self.prefixOffset, bytes, prefix.count) == 0
        else { return 0 }
        let keyBytes = Int(entry.load(fromByteOffset: 10, as: UInt16.self))
        key.copyMemory(from: entry + Self.keyOffset, byteCount: keyBytes)
        return keyBytes
    }

    /// Remembers a prefix and its key, if they are short enough.
    @inline(__always)
    mutating func remember(
        prefix: UnsafeRawBufferPointer,
        hash: UInt64,
        key: UnsafeRawPointer,
        keyBytes: Int
    ) {
        guard let bytes = prefix.baseAddress, prefix.count > 0, prefix.count <= Self.prefixBytesMax,
            keyBytes <= Self.entryBytes - Self.keyOffset
        else { return }
        let entry = memory + Int(hash & mask) * Self.entryBytes
        entry.storeBytes(of: hash, as: UInt64.self)
        entry.storeBytes(of: UInt16(prefix.count), toByteOffset: 8, as: UInt16.self)
        entry.storeBytes(of: UInt16(keyBytes), toByteOffset: 10, as: UInt16.self)
        (entry + Self.prefixOffset).copyMemory(from: bytes, byteCount: prefix.count)
        (entry + Self.keyOffset).copyMemory(from: key, byteCount: keyBytes)
    }

    /// What hashing a topic begins with.
    static let hashSeed: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The hash of a prefix and one more level.
    @inline(__always)
    static func hash(_ prefix: UInt64, extendedBy level: UnsafeRawBufferPointer) -> UInt64 {
        let hash = mix(prefix ^ UInt64(level.count))
        switch level.count {
        case 0:
            return hash
        case 1..<4:
            let last = UInt64(level[0]) | UInt64(level[level.count / 2]) << 8 | UInt64(level[level.count - 1]) << 16
            return mix(hash ^ last)
        case 4..<8:
            let first = UInt64(level.loadUnaligned(as: UInt32.self))
            let last = UInt64(level.loadUnaligned(fromByteOffset: level.count - 4, as: UInt32.self))
            return mix(hash ^ (first << 32 | last))
        default:
            var long = hash
            var offset = 0
            while offset < level.count - 8 {
                long = mix(long ^ level.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            return mix(long ^ level.loadUnaligned(fromByteOffset: level.count - 8, as: UInt64.self))
        }
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}
