internal import CLibcrypto

/// AES-256-CMAC (NIST SP 800-38B, RFC 4493's construction with a 256-bit key), incremental and reusable.
///
/// Not for use by two threads at once.
struct AESCMAC: ~Copyable {
    static let keyBytes = 32
    static let tagBytes = 16

    private let context: OpaquePointer

    /// - Parameter key: 32 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        precondition(key.count == Self.keyBytes, "an AES-256-CMAC key has 32 bytes")
        let algorithm = try LibcryptoAlgorithms.shared().cmac
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .libcrypto("EVP_MAC_CTX_new(CMAC)") }
        // The name is that of EVP_MAC-CMAC(7).
        let parameters = [LibcryptoParameter.text("cipher", "AES-256-CBC"), LibcryptoParameter.end]
        let result = key.withUnsafeBytes { key in
            EVP_MAC_init(context, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count, parameters)
        }
        guard result == 1 else {
            EVP_MAC_CTX_free(context)
            throw .libcrypto("EVP_MAC_init(CMAC)")
        }
        self.context = context
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    /// Takes more of the message.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        let result = EVP_MAC_update(context, base.assumingMemoryBound(to: UInt8.self), bytes.count)
        precondition(result == 1, "libcrypto refused bytes for AES-CMAC")
    }

    /// The tag of everything since the last one, as a little-endian number; the next message begins.
    mutating func finish() -> UInt128 {
        var tag: UInt128 = 0
        let result = withUnsafeMutableBytes(of: &tag) { tag in
            var count = 0
            return EVP_MAC_final(
                context,
                tag.baseAddress?.assumingMemoryBound(to: UInt8.self),
                &count,
                Self.tagBytes
            ) == 1 && count == Self.tagBytes && EVP_MAC_init(context, nil, 0, nil) == 1
        }
        precondition(result, "libcrypto refused to finish an AES-CMAC")
        return UInt128(littleEndian: tag)
    }

    /// The tag of one message.
    mutating func tag(of message: UnsafeRawBufferPointer) -> UInt128 {
        update(message)
        return finish()
    }
}
