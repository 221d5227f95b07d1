internal import CLibcrypto

/// What XAES-256-GCM can prepare once per key: the expanded AES-256 key and the CMAC subkey K1.
///
/// With it, deriving the key for a nonce is one libcrypto call over two blocks. Not for use by two threads at once.
final class XAESKeySchedule {
    /// The id of the data key that this was made from.
    let id: UInt128
    private var blockCipher: AES256ECB
    /// K1 of NIST SP 800-38B, 6.1.
    private let subkey: SecretBytes
    /// M1 ‖ M2, then the derived key; wiped after each use.
    private let scratch: UnsafeMutableRawBufferPointer

    init(id: UInt128, key: SecretBytes) throws(EnvironmentError) {
        var blockCipher = try AES256ECB(key: key)
        self.id = id
        self.subkey = SecretBytes(count: AES256ECB.blockBytes) { subkey in
            // L = AES(0), doubled in GF(2^128).
            blockCipher.encrypt(subkey)
            let block = UInt128(bigEndian: subkey.loadUnaligned(as: UInt128.self))
            let doubled = block << 1 ^ (block >> 127 == 1 ? 0x87 : 0)
            subkey.storeBytes(of: doubled.bigEndian, as: UInt128.self)
        }
        self.blockCipher = blockCipher
        self.scratch = SecretArena.shared.allocate(XAES256GCM.keyBytes)
    }

    deinit {
        SecretArena.shared.deallocate(scratch)
    }

    /// Gives `cipher` the key that belongs to N[:12].
    ///
    /// - Parameter noncePrefix: 12 bytes.
    func rekey(_ cipher: inout AESGCM, noncePrefix: UnsafeRawPointer) {
        // M1 = 0x00 0x01 'X' 0x00 ‖ N[:12], M2 = 0x00 0x02 'X' 0x00 ‖ N[:12]; each is XORed with K1 and encrypted.
        for block in 0..<2 {
            let message = UnsafeMutableRawBufferPointer(rebasing: scratch[block * 16..<block * 16 + 16])
            message.storeBytes(of: (0x0001_5800 + UInt32(block) << 16).bigEndian, as: UInt32.self)
            message.baseAddress?.advanced(by: 4).copyMemory(from: noncePrefix, byteCount: XAES256GCM.noncePrefixBytes)
            subkey.withUnsafeBytes { subkey in
                let masked = message.loadUnaligned(as: UInt128.self) ^ subkey.loadUnaligned(as: UInt128.self)
                message.storeBytes(of: masked, as: UInt128.self)
            }
        }
        blockCipher.encrypt(scratch)
        guard let key = scratch.baseAddress else { return }
        cipher.setKey(key)
        OPENSSL_cleanse(key, scratch.count)
    }
}
