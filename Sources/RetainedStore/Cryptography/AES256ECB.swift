internal import CLibcrypto

/// The AES-256 block function (FIPS 197) over many blocks at once, under one key.
///
/// A building block for XAES key derivation and the set digest; never a way to encrypt data. Not for two threads at once.
struct AES256ECB: ~Copyable {
    static let keyBytes = 32
    static let blockBytes = 16

    private let context: OpaquePointer

    /// - Parameter key: 32 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        precondition(key.count == Self.keyBytes, "an AES-256 key has 32 bytes")
        let algorithm = try LibcryptoAlgorithms.shared().aes256ECB
        guard let context = EVP_CIPHER_CTX_new() else { throw .libcrypto("EVP_CIPHER_CTX_new") }
        let result = key.withUnsafeBytes { key in
            EVP_EncryptInit_ex2(context, algorithm, key.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, nil)
        }
        guard result == 1, EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .libcrypto("EVP_EncryptInit_ex2(AES-256-ECB)")
        }
        self.context = context
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    /// Replaces every 16-byte block by its encryption.
    ///
    /// - Parameter blocks: A multiple of 16 bytes.
    mutating func encrypt(_ blocks: UnsafeMutableRawBufferPointer) {
        precondition(blocks.count % Self.blockBytes == 0, "whole blocks only")
        guard let base = blocks.baseAddress?.assumingMemoryBound(to: UInt8.self), blocks.count > 0 else { return }
        var count: Int32 = 0
        let result = EVP_EncryptUpdate(context, base, &count, base, Int32(blocks.count))
        precondition(result == 1 && Int(count) == blocks.count, "libcrypto refused to encrypt whole blocks")
    }
}
