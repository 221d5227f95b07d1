internal import CLibcrypto

/// What XAES-256-GCM can prepare once per key: the expanded AES-256 key and the CMAC subkey K1.
///
/// With it, deriving the key for a nonce is one libcrypto call over two blocks. Not for use by two threads at once.
final class XAESKeySchedule {
    /// The id of the data key that this was made from.
    let id: UInt128
    // One owner at a time is this class's contract; checking it anew for every message costs as much as the work.
    @exclusivity(unchecked) private var blockCipher: AES256ECB
    /// Bytes 0…15: K1 of NIST SP 800-38B, 6.1. Bytes 32…63: M1 ‖ M2, then the derived key; wiped after each use.
    private let memory: UnsafeMutableRawBufferPointer

    init(id: UInt128, key: SecretBytes) throws(EnvironmentError) {
        self.id = id
        self.blockCipher = try AES256ECB(key: key)
        self.memory = SecretArena.shared.allocate(Self.scratchOffset + XAES256GCM.keyBytes)
        // L = AES(0), doubled in GF(2^128).
        blockCipher.encrypt(UnsafeMutableRawBufferPointer(rebasing: memory[..<AES256ECB.blockBytes]))
        let block = UInt128(bigEndian: memory.load(as: UInt128.self))
        let doubled = block << 1 ^ (block >> 127 == 1 ? 0x87 : 0)
        memory.storeBytes(of: doubled.bigEndian, as: UInt128.self)
    }

    deinit {
        SecretArena.shared.deallocate(memory)
    }

    private static let scratchOffset = 32

    /// Gives `cipher` the key that belongs to N[:12].
    ///
    /// - Parameter noncePrefix: 12 bytes.
    func rekey(_ cipher: inout AESGCM, noncePrefix: UnsafeRawPointer) {
        guard let base = memory.baseAddress else { return }
        let scratch = base + Self.scratchOffset
        let subkey = base.load(as: UInt128.self)
        // M1 = 0x00 0x01 'X' 0x00 ‖ N[:12], M2 = 0x00 0x02 'X' 0x00 ‖ N[:12]; each is XORed with K1 and encrypted.
        for block in 0..<2 {
            let message = scratch + block * AES256ECB.blockBytes
            message.storeBytes(of: (0x0001_5800 + UInt32(block) << 16).bigEndian, as: UInt32.self)
            (message + 4).copyMemory(from: noncePrefix, byteCount: XAES256GCM.noncePrefixBytes)
            message.storeBytes(of: message.load(as: UInt128.self) ^ subkey, as: UInt128.self)
        }
        blockCipher.encrypt(UnsafeMutableRawBufferPointer(start: scratch, count: XAES256GCM.keyBytes))
        cipher.setKey(scratch)
        OPENSSL_cleanse(scratch, XAES256GCM.keyBytes)
    }
}
