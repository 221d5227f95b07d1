internal import CLibcrypto

/// HKDF with SHA-256 (RFC 5869), extract and expand in one.
enum HKDF {
    /// Derives `output.count` bytes; an empty salt is RFC 5869's default of 32 zero bytes.
    static func derive(
        from key: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        let algorithm = try LibcryptoAlgorithms.shared().hkdf
        guard let context = EVP_KDF_CTX_new(algorithm) else { throw .libcrypto("EVP_KDF_CTX_new(HKDF)") }
        defer { EVP_KDF_CTX_free(context) }
        // The names are those of EVP_KDF-HKDF(7).
        var parameters = [
            LibcryptoParameter.text("digest", "SHA256"),
            LibcryptoParameter.octets("key", key),
        ]
        // What is empty is left out: libcrypto refuses bytes at no address.
        if salt.count > 0 { parameters.append(LibcryptoParameter.octets("salt", salt)) }
        if info.count > 0 { parameters.append(LibcryptoParameter.octets("info", info)) }
        parameters.append(LibcryptoParameter.end)
        let bytes = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = EVP_KDF_derive(context, bytes, output.count, parameters)
        guard result == 1 else { throw .libcrypto("EVP_KDF_derive(HKDF)") }
    }
}
