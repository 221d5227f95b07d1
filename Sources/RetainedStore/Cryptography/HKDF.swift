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
        // libcrypto's parameters have no const pointers; it only reads through these.
        var digest = Array("SHA256".utf8CString)
        let result = digest.withUnsafeMutableBufferPointer { digest in
            let parameters = [
                OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.baseAddress, 0),
                OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, mutable(key), key.count),
                OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, mutable(salt), salt.count),
                OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, mutable(info), info.count),
                OSSL_PARAM_construct_end(),
            ]
            let bytes = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return EVP_KDF_derive(context, bytes, output.count, parameters)
        }
        guard result == 1 else { throw .libcrypto("EVP_KDF_derive(HKDF)") }
    }

    private static func mutable(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    }
}
