internal import CLibcrypto

/// SipHash-2-4 with a 128-bit key and a 128-bit output: the pseudo-random function behind blind topics.
///
/// Source: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", and the reference code's 128-bit variant.
/// Not for use by two threads at once.
struct SipHash128: ~Copyable {
    static let keyBytes = 16
    static let outputBytes = 16

    private let context: OpaquePointer

    /// - Parameter key: 16 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        precondition(key.count == Self.keyBytes, "a SipHash key has 16 bytes")
        let algorithm = try LibcryptoAlgorithms.shared().sipHash
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .libcrypto("EVP_MAC_CTX_new(SIPHASH)") }
        var outputBytes = Self.outputBytes
        let result = withUnsafeMutablePointer(to: &outputBytes) { outputBytes in
            // The name is that of EVP_MAC-SIPHASH(7).
            let parameters = [LibcryptoParameter.size("size", outputBytes), LibcryptoParameter.end]
            return key.withUnsafeBytes { key in
                EVP_MAC_init(context, key.baseAddress?.assumingMemoryBound(to: UInt8.self), key.count, parameters)
            }
        }
        guard result == 1 else {
            EVP_MAC_CTX_free(context)
            throw .libcrypto("EVP_MAC_init(SIPHASH)")
        }
        self.context = context
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    /// Takes more of the message.
    @inline(__always)
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        let result = EVP_MAC_update(context, base.assumingMemoryBound(to: UInt8.self), bytes.count)
        precondition(result == 1, "libcrypto refused bytes for SipHash")
    }

    /// Writes the 16 bytes of the output for everything since the last one; the next message begins.
    @inline(__always)
    mutating func finish(into output: UnsafeMutableRawPointer) {
        var count = 0
        let succeeded =
            EVP_MAC_final(context, output.assumingMemoryBound(to: UInt8.self), &count, Self.outputBytes) == 1
            && count == Self.outputBytes && EVP_MAC_init(context, nil, 0, nil) == 1
        precondition(succeeded, "libcrypto refused to finish a SipHash")
    }
}
