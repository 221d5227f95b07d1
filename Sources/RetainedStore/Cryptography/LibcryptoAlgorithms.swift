internal import CLibcrypto

/// The algorithms of libcrypto that a store uses, fetched once per process.
///
/// A fetch walks libcrypto's providers and takes microseconds; initialising a context from what was fetched does not.
struct LibcryptoAlgorithms: @unchecked Sendable {
    // The pointers refer to what EVP_CIPHER_fetch and its sisters return: reference-counted by libcrypto, never changed
    // afterwards, and explicitly allowed to be used by several threads. They are held for the life of the process.
    let aes256GCM: OpaquePointer
    let aes256ECB: OpaquePointer
    let cmac: OpaquePointer
    let sipHash: OpaquePointer
    let hkdf: OpaquePointer

    private static let fetched: Result<LibcryptoAlgorithms, EnvironmentError> = {
        guard let aes256GCM = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) else {
            return .failure(.libcrypto("EVP_CIPHER_fetch(AES-256-GCM)"))
        }
        guard let aes256ECB = EVP_CIPHER_fetch(nil, "AES-256-ECB", nil) else {
            return .failure(.libcrypto("EVP_CIPHER_fetch(AES-256-ECB)"))
        }
        guard let cmac = EVP_MAC_fetch(nil, "CMAC", nil) else { return .failure(.libcrypto("EVP_MAC_fetch(CMAC)")) }
        guard let sipHash = EVP_MAC_fetch(nil, "SIPHASH", nil) else {
            return .failure(.libcrypto("EVP_MAC_fetch(SIPHASH)"))
        }
        guard let hkdf = EVP_KDF_fetch(nil, "HKDF", nil) else { return .failure(.libcrypto("EVP_KDF_fetch(HKDF)")) }
        return .success(
            LibcryptoAlgorithms(aes256GCM: aes256GCM, aes256ECB: aes256ECB, cmac: cmac, sipHash: sipHash, hkdf: hkdf)
        )
    }()

    /// The algorithms.
    ///
    /// - Throws: `EnvironmentError.libcrypto`, naming the one that this libcrypto does not have.
    static func shared() throws(EnvironmentError) -> LibcryptoAlgorithms {
        try fetched.get()
    }
}
