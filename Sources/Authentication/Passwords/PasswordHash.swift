internal import CLibcrypto

/// The hash of one password, in one of the forms that `mosquitto_passwd` writes.
///
/// | text | computed as |
/// |---|---|
/// | `$6$SALT$HASH` | SHA-512 of the password followed by the salt |
/// | `$7$ITERATIONS$SALT$HASH` | PBKDF2 with HMAC-SHA-512 (RFC 8018), 64 bytes |
///
/// Salt and hash are base64 with padding. One round of SHA-512 is no protection against guessing once the file is
/// stolen; `$6$` is read because old files hold it.
public struct PasswordHash: Sendable, CustomStringConvertible {
    /// How the hash is computed.
    enum Scheme: Sendable, Equatable {
        case sha512
        case pbkdf2(iterations: Int)

        /// The work of one check, in units that only make schemes comparable.
        var cost: Int {
            switch self {
            case .sha512: 1
            // Each iteration is one HMAC, which is two blocks of SHA-512 or more.
            case .pbkdf2(let iterations): 2 * iterations
            }
        }
    }

    /// The length of a SHA-512 digest, and of the keys that are derived with it.
    static let digestBytes = 64

    let scheme: Scheme
    let salt: [UInt8]
    let digest: [UInt8]

    init(scheme: Scheme, salt: [UInt8], digest: [UInt8]) {
        precondition(digest.count == Self.digestBytes, "a password hash has 64 bytes")
        self.scheme = scheme
        self.salt = salt
        self.digest = digest
    }

    /// Whether a password is the one that was hashed.
    ///
    /// The comparison takes the same time for every wrong password. If libcrypto cannot compute the hash, the answer is no.
    ///
    /// - Parameter password: any bytes; only read during the call.
    public func matches(_ password: UnsafeRawBufferPointer) -> Bool {
        var computed = [UInt8](repeating: 0, count: Self.digestBytes)
        defer { OPENSSL_cleanse(&computed, computed.count) }
        let isComputed =
            switch scheme {
            case .sha512: Self.sha512(password, salt, into: &computed)
            case .pbkdf2(let iterations): Self.pbkdf2(password, salt, iterations, into: &computed)
            }
        return isComputed && CRYPTO_memcmp(computed, digest, Self.digestBytes) == 0
    }

    /// The scheme alone.
    public var description: String {
        switch scheme {
        case .sha512: "PasswordHash($6$)"
        case .pbkdf2(let iterations): "PasswordHash($7$, \(iterations) iterations)"
        }
    }

    private static func sha512(
        _ password: UnsafeRawBufferPointer,
        _ salt: [UInt8],
        into digest: inout [UInt8]
    ) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestInit_ex(context, EVP_sha512(), nil) == 1
            && EVP_DigestUpdate(context, password.baseAddress, password.count) == 1
            && EVP_DigestUpdate(context, salt, salt.count) == 1
            && EVP_DigestFinal_ex(context, &digest, nil) == 1
    }

    private static func pbkdf2(
        _ password: UnsafeRawBufferPointer,
        _ salt: [UInt8],
        _ iterations: Int,
        into digest: inout [UInt8]
    ) -> Bool {
        // libcrypto takes the absence of a password for an error where its length is 0, so an empty one is an empty
        // string and not a null pointer.
        let length = Int32(digest.count)
        return withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { empty in
            let start = password.baseAddress ?? UnsafeRawPointer(empty.baseAddress)
            return PKCS5_PBKDF2_HMAC(
                start?.assumingMemoryBound(to: CChar.self),
                Int32(password.count),
                salt,
                Int32(salt.count),
                Int32(iterations),
                EVP_sha512(),
                length,
                &digest
            ) == 1
        }
    }
}
