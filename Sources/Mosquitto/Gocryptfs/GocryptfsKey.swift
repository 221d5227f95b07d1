import CLibcrypto

/// The key that the files of a gocryptfs directory are encrypted with; wiped when it is let go.
///
/// Source: the description of gocryptfs's cryptography (nuetzlich.net/gocryptfs/forward_mode_crypto), checked against
/// directories that gocryptfs 2.3 made.
public struct GocryptfsKey: ~Copyable {
    private static let keyBytes = 32
    private static let nonceBytes = 16
    private static let tagBytes = 16
    private static let headerBytes = 18
    private static let formatVersion: UInt16 = 2
    private static let blockBytes = 4096
    private static let contentInfo = "AES-GCM file content encryption"

    private let key: UnsafeMutableRawBufferPointer

    /// Derives the key from a password.
    ///
    /// - Parameter password: its bytes; the caller wipes them.
    /// - Throws: ``GocryptfsError``, `wrongPassword` among others.
    public init(
        _ configuration: GocryptfsConfiguration,
        password: UnsafeRawBufferPointer
    ) throws(GocryptfsError) {
        let key = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.keyBytes, alignment: 16)
        do throws(GocryptfsError) {
            try Self.derive(configuration, password, into: key)
        } catch {
            Self.wipe(key)
            throw error
        }
        self.key = key
    }

    deinit {
        Self.wipe(key)
    }

    /// Decrypts a whole file.
    ///
    /// - Parameter bytes: an encrypted file: 18 bytes of header (version, u16 big endian, and the file's id), then blocks
    ///   of nonce (16), up to 4,096 bytes of ciphertext, and tag (16). A block of zeros is a hole.
    /// - Returns: the plaintext up to the first damaged block, and that block's number.
    /// - Throws: ``GocryptfsError/notAFile``.
    public borrowing func decrypt(
        file bytes: [UInt8]
    ) throws(GocryptfsError) -> (plaintext: [UInt8], damagedBlock: UInt64?) {
        if bytes.isEmpty { return ([], nil) }
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(bytes.count)
        let damaged = try bytes.span.withUnsafeBytes { (bytes) throws(GocryptfsError) -> UInt64? in
            guard bytes.count >= Self.headerBytes,
                UInt16(bigEndian: bytes.loadUnaligned(as: UInt16.self)) == Self.formatVersion
            else { throw .notAFile }
            let fileID = UnsafeRawBufferPointer(rebasing: bytes[2..<Self.headerBytes])
            var offset = Self.headerBytes
            var number: UInt64 = 0
            let overhead = Self.nonceBytes + Self.tagBytes
            while offset < bytes.count {
                let count = min(bytes.count - offset, Self.blockBytes + overhead)
                let block = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
                guard count > overhead else { return number }
                if block.allSatisfy({ $0 == 0 }) {
                    plaintext += repeatElement(0, count: count - overhead)
                } else {
                    let associated = withUnsafeBytes(of: number.bigEndian) { Array($0) } + fileID
                    let opened = try Self.open(UnsafeRawBufferPointer(key), block, associatedData: associated)
                    guard let opened else { return number }
                    plaintext += opened
                }
                offset += count
                number += 1
            }
            return nil
        }
        return (plaintext, damaged)
    }

    // MARK: - Derivation

    private static func derive(
        _ configuration: GocryptfsConfiguration,
        _ password: UnsafeRawBufferPointer,
        into key: UnsafeMutableRawBufferPointer
    ) throws(GocryptfsError) {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * keyBytes, alignment: 16)
        defer { wipe(scratch) }
        let passwordKey = UnsafeMutableRawBufferPointer(rebasing: scratch[..<keyBytes])
        let wrappingKey = UnsafeMutableRawBufferPointer(rebasing: scratch[keyBytes...])
        try stretch(password, configuration.scrypt, into: passwordKey)
        try expand(UnsafeRawBufferPointer(passwordKey), into: wrappingKey)
        // As gocryptfs wraps it: as block 0 of a file without an id.
        let opened = try configuration.encryptedKey.span.withUnsafeBytes { (wrapped) throws(GocryptfsError) in
            try open(UnsafeRawBufferPointer(wrappingKey), wrapped, associatedData: [UInt8](repeating: 0, count: 8))
        }
        guard var master = consume opened else { throw .wrongPassword }
        defer { master.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        guard master.count == keyBytes else { throw .configuration("its key is not of 256 bits") }
        try master.span.withUnsafeBytes { (master) throws(GocryptfsError) in try expand(master, into: key) }
    }

    private static func stretch(
        _ password: UnsafeRawBufferPointer,
        _ scrypt: GocryptfsConfiguration.Scrypt,
        into output: UnsafeMutableRawBufferPointer
    ) throws(GocryptfsError) {
        let salt = Array(scrypt.salt)
        let result = EVP_PBE_scrypt(
            password.baseAddress?.assumingMemoryBound(to: CChar.self),
            password.count,
            salt,
            salt.count,
            scrypt.cost,
            UInt64(scrypt.blockSize),
            UInt64(scrypt.parallelization),
            // What libcrypto counts is a little more than the large array.
            2 * GocryptfsConfiguration.Scrypt.memoryBytesMax,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self),
            output.count
        )
        guard result == 1 else { throw .libcrypto("EVP_PBE_scrypt") }
    }

    /// HKDF with SHA-256, without salt, for the encryption of contents.
    private static func expand(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(GocryptfsError) {
        guard let algorithm = EVP_KDF_fetch(nil, "HKDF", nil) else { throw .libcrypto("EVP_KDF_fetch") }
        defer { EVP_KDF_free(algorithm) }
        guard let context = EVP_KDF_CTX_new(algorithm) else { throw .libcrypto("EVP_KDF_CTX_new") }
        defer { EVP_KDF_CTX_free(context) }
        var digest = Array("SHA256".utf8CString)
        var info = Array(contentInfo.utf8)
        let result = digest.withUnsafeMutableBufferPointer { digest in
            info.withUnsafeMutableBytes { info in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(name("digest"), digest.baseAddress, 0),
                    OSSL_PARAM_construct_octet_string(
                        name("key"),
                        UnsafeMutableRawPointer(mutating: input.baseAddress),
                        input.count
                    ),
                    OSSL_PARAM_construct_octet_string(name("info"), info.baseAddress, info.count),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_KDF_derive(
                    context,
                    output.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    output.count,
                    parameters
                )
            }
        }
        guard result == 1 else { throw .libcrypto("EVP_KDF_derive") }
    }

    /// The name of a parameter (EVP_KDF-HKDF(7)), which libcrypto keeps a pointer to.
    private static func name(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// Opens nonce ‖ ciphertext ‖ tag with AES-256-GCM and a nonce of 128 bits; `nil` if it is not authentic.
    private static func open(
        _ key: UnsafeRawBufferPointer,
        _ sealed: UnsafeRawBufferPointer,
        associatedData: [UInt8]
    ) throws(GocryptfsError) -> [UInt8]? {
        let bodyBytes = sealed.count - nonceBytes - tagBytes
        guard bodyBytes >= 0 else { return nil }
        guard let context = EVP_CIPHER_CTX_new() else { throw .libcrypto("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        let bytes = sealed.assumingMemoryBound(to: UInt8.self)
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, nil, nil) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, Int32(nonceBytes), nil) == 1,
            EVP_DecryptInit_ex(
                context,
                nil,
                nil,
                key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                bytes.baseAddress
            ) == 1
        else { throw .libcrypto("EVP_DecryptInit_ex") }
        var count: Int32 = 0
        guard EVP_DecryptUpdate(context, nil, &count, associatedData, Int32(associatedData.count)) == 1 else {
            throw .libcrypto("EVP_DecryptUpdate")
        }
        var isAuthentic = false
        let opened = [UInt8](unsafeUninitializedCapacity: max(bodyBytes, 1)) { output, initializedCount in
            var written: Int32 = 0
            let body = bytes.baseAddress.map { $0 + nonceBytes }
            let tag = UnsafeMutableRawPointer(mutating: sealed.baseAddress.map { $0 + nonceBytes + bodyBytes })
            isAuthentic =
                EVP_DecryptUpdate(context, output.baseAddress, &written, body, Int32(bodyBytes)) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), tag) == 1
                && EVP_DecryptFinal_ex(context, output.baseAddress.map { $0 + bodyBytes }, &count) == 1
            if !isAuthentic { OPENSSL_cleanse(output.baseAddress, bodyBytes) }
            initializedCount = isAuthentic ? bodyBytes : 0
        }
        if !isAuthentic { ERR_clear_error() }
        return isAuthentic ? opened : nil
    }

    private static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }
}
