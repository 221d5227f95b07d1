internal import CArgon2
internal import CLibcrypto

/// The hash of one password, in one of the forms that `mosquitto_passwd` writes.
///
/// | text | computed as |
/// |---|---|
/// | `$6$SALT$HASH` | SHA-512 of the password followed by the salt |
/// | `$7$ITERATIONS$SALT$HASH` | PBKDF2 with HMAC-SHA-512 (RFC 8018), 64 bytes |
/// | `$argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH` | argon2id (RFC 9106), the PHC string that every library writes |
///
/// Salt and hash are base64, with padding in the first two and without in the third. One round of SHA-512 is no
/// protection against guessing once the file is stolen; `$6$` is read because old files hold it.
public struct PasswordHash: Sendable, CustomStringConvertible {
    /// How a hash is computed.
    public enum Scheme: Sendable, Hashable {
        case sha512
        case pbkdf2(iterations: Int)
        case argon2id(Argon2Cost)

        /// The work of one check, in units that only make schemes comparable: about half a microsecond.
        var cost: Int {
            switch self {
            case .sha512: 1
            // Each iteration is one HMAC, which is two blocks of SHA-512 or more.
            case .pbkdf2(let iterations): 2 * iterations
            case .argon2id(let cost): 2 * Int(cost.memoryKiB) * Int(cost.passes)
            }
        }
    }

    /// The length of a SHA-512 digest, of the keys that are derived with it, and of new hashes of argon2id.
    static let digestBytes = 64

    let scheme: Scheme
    let salt: [UInt8]
    let digest: [UInt8]

    init(scheme: Scheme, salt: [UInt8], digest: [UInt8]) {
        precondition(!digest.isEmpty, "a password hash is not empty")
        self.scheme = scheme
        self.salt = salt
        self.digest = digest
    }

    /// Hashes a new password with a salt of its own.
    ///
    /// - Parameter password: any bytes; only read during the call.
    /// - Throws: ``PasswordHashError/notComputed`` without memory or randomness.
    public init(of password: UnsafeRawBufferPointer, scheme: Scheme) throws(PasswordHashError) {
        var salt = [UInt8](repeating: 0, count: PasswordLimits.newSaltBytes)
        guard RAND_bytes(&salt, Int32(salt.count)) == 1 else { throw .notComputed }
        guard let digest = Self.computed(scheme, password, salt, count: Self.digestBytes) else { throw .notComputed }
        self.init(scheme: scheme, salt: salt, digest: digest)
    }

    /// Whether a password is the one that was hashed.
    ///
    /// The comparison takes the same time for every wrong password. If the hash cannot be computed, for want of memory for instance,
    /// the answer is no.
    ///
    /// - Parameter password: any bytes; only read during the call.
    public func matches(_ password: UnsafeRawBufferPointer) -> Bool {
        guard var computed = Self.computed(scheme, password, salt, count: digest.count) else { return false }
        defer { OPENSSL_cleanse(&computed, computed.count) }
        return CRYPTO_memcmp(computed, digest, digest.count) == 0
    }

    /// The scheme alone.
    public var description: String {
        switch scheme {
        case .sha512: "PasswordHash($6$)"
        case .pbkdf2(let iterations): "PasswordHash($7$, \(iterations) iterations)"
        case .argon2id(let cost):
            "PasswordHash(argon2id, \(cost.memoryKiB) KiB, \(cost.passes) passes, \(cost.lanes) lanes)"
        }
    }

    private static func computed(
        _ scheme: Scheme,
        _ password: UnsafeRawBufferPointer,
        _ salt: [UInt8],
        count: Int
    ) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: count)
        let isComputed =
            switch scheme {
            case .sha512: sha512(password, salt, into: &digest)
            case .pbkdf2(let iterations): pbkdf2(password, salt, iterations, into: &digest)
            case .argon2id(let cost): argon2id(password, salt, cost, into: &digest)
            }
        return isComputed ? digest : nil
    }

    private static func sha512(
        _ password: UnsafeRawBufferPointer,
        _ salt: [UInt8],
        into digest: inout [UInt8]
    ) -> Bool {
        guard digest.count == digestBytes, let context = EVP_MD_CTX_new() else { return false }
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

    /// libargon2 wipes the memory that it filled (`FLAG_clear_internal_memory`).
    private static func argon2id(
        _ password: UnsafeRawBufferPointer,
        _ salt: [UInt8],
        _ cost: Argon2Cost,
        into digest: inout [UInt8]
    ) -> Bool {
        argon2id_hash_raw(
            cost.passes,
            cost.memoryKiB,
            cost.lanes,
            password.baseAddress,
            password.count,
            salt,
            salt.count,
            &digest,
            digest.count
        ) == ARGON2_OK.rawValue
    }
}
