/// The sum, modulo 2^128, of a pseudo-random function of every record in the index: what notices a deleted record, or
/// one that was replaced by its own older, still authentic version.
///
/// AES-256(audit key, AES-256(audit key, tag) ⊕ (version ‖ zero (8))), where tag is the envelope's last 16 bytes. A
/// sum, because records come and go in any order. Terms are gathered and encrypted together. Not for two threads at
/// once.
struct SetDigest: ~Copyable {
    private static let gatheredMax = 64
    private static let blockBytes = 16

    /// The sum of what was flushed.
    private var sum: UInt128
    private var cipher: AES256ECB
    private let blocks: UnsafeMutableRawBufferPointer
    private let versions: UnsafeMutablePointer<UInt64>
    private let isRemoval: UnsafeMutablePointer<Bool>
    private var gathered = 0

    init(key: SecretBytes, sum: UInt128 = 0) throws(EnvironmentError) {
        cipher = try AES256ECB(key: key)
        self.sum = sum
        blocks = .allocate(byteCount: Self.gatheredMax * Self.blockBytes, alignment: 16)
        versions = .allocate(capacity: Self.gatheredMax)
        isRemoval = .allocate(capacity: Self.gatheredMax)
    }

    deinit {
        blocks.deallocate()
        versions.deallocate()
        isRemoval.deallocate()
    }

    /// Counts a record in.
    mutating func insert(tag: UInt128, version: UInt64) {
        gather(tag: tag, version: version, isRemoval: false)
    }

    /// Counts a record out.
    mutating func remove(tag: UInt128, version: UInt64) {
        gather(tag: tag, version: version, isRemoval: true)
    }

    /// The sum of everything so far.
    mutating func value() -> UInt128 {
        flush()
        return sum
    }

    private mutating func gather(tag: UInt128, version: UInt64, isRemoval: Bool) {
        blocks.storeLittleEndian(tag, at: gathered * Self.blockBytes)
        versions[gathered] = version
        self.isRemoval[gathered] = isRemoval
        gathered += 1
        if gathered == Self.gatheredMax { flush() }
    }

    private mutating func flush() {
        guard gathered > 0 else { return }
        let used = UnsafeMutableRawBufferPointer(rebasing: blocks[..<(gathered * Self.blockBytes)])
        cipher.encrypt(used)
        for index in 0..<gathered {
            let inner = UnsafeRawBufferPointer(used).loadLittleEndian(at: index * Self.blockBytes, as: UInt128.self)
            used.storeLittleEndian(inner ^ UInt128(versions[index]), at: index * Self.blockBytes)
        }
        cipher.encrypt(used)
        for index in 0..<gathered {
            let term = UnsafeRawBufferPointer(used).loadLittleEndian(at: index * Self.blockBytes, as: UInt128.self)
            if isRemoval[index] { sum &-= term } else { sum &+= term }
        }
        gathered = 0
    }
}
