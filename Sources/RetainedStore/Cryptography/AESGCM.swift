internal import CLibcrypto

/// AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag, in one libcrypto context that is used again and again.
///
/// Not for use by two threads at once. The caller answers for the nonces: ``SealingBatch`` is what hands them out.
struct AESGCM: ~Copyable {
    static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16

    private let context: OpaquePointer

    /// A context without a key.
    init() throws(EnvironmentError) {
        let algorithm = try LibcryptoAlgorithms.shared().aes256GCM
        guard let context = EVP_CIPHER_CTX_new() else { throw .libcrypto("EVP_CIPHER_CTX_new") }
        guard EVP_EncryptInit_ex2(context, algorithm, nil, nil, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .libcrypto("EVP_EncryptInit_ex2(AES-256-GCM)")
        }
        self.context = context
    }

    /// A context with a key of 32 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        try self.init()
        key.withUnsafeBytes { key in
            precondition(key.count == Self.keyBytes, "an AES-256-GCM key has 32 bytes")
            if let key = key.baseAddress { setKey(key) }
        }
    }

    deinit {
        // Wipes the key schedule too.
        EVP_CIPHER_CTX_free(context)
    }

    /// Sets the key of the calls that follow: 32 bytes.
    mutating func setKey(_ key: UnsafeRawPointer) {
        // An encrypting set-up serves both directions: GCM never runs the block cipher backwards.
        let result = EVP_EncryptInit_ex2(context, nil, key.assumingMemoryBound(to: UInt8.self), nil, nil)
        precondition(result == 1, "libcrypto refused a 32-byte key for AES-256-GCM")
    }

    /// Wipes the key: the next call is ``setKey(_:)``.
    mutating func forgetKey() {
        withUnsafeTemporaryAllocation(byteCount: Self.keyBytes, alignment: 16) { zeros in
            zeros.initializeMemory(as: UInt8.self, repeating: 0)
            if let zeros = zeros.baseAddress { setKey(zeros) }
        }
    }

    /// Encrypts `plaintext` to `ciphertext` (as many bytes, possibly the same memory) and writes the 16 bytes of the tag.
    mutating func seal(
        nonce: UnsafeRawPointer,
        associatedData: UnsafeRawBufferPointer,
        plaintext: UnsafeRawBufferPointer,
        ciphertext: UnsafeMutableRawPointer,
        tag: UnsafeMutableRawPointer
    ) {
        let output = ciphertext.assumingMemoryBound(to: UInt8.self)
        var count: Int32 = 0
        var succeeded = EVP_EncryptInit_ex2(context, nil, nil, nonce.assumingMemoryBound(to: UInt8.self), nil) == 1
        if let data = associatedData.baseAddress, associatedData.count > 0 {
            let bytes = data.assumingMemoryBound(to: UInt8.self)
            succeeded = EVP_EncryptUpdate(context, nil, &count, bytes, Int32(associatedData.count)) == 1 && succeeded
        }
        if let data = plaintext.baseAddress, plaintext.count > 0 {
            let bytes = data.assumingMemoryBound(to: UInt8.self)
            succeeded = EVP_EncryptUpdate(context, output, &count, bytes, Int32(plaintext.count)) == 1 && succeeded
        }
        succeeded = EVP_EncryptFinal_ex(context, output + plaintext.count, &count) == 1 && succeeded
        succeeded = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), tag) == 1 && succeeded
        precondition(succeeded, "libcrypto refused to seal with a key, a nonce and lengths that AES-256-GCM allows")
    }

    /// Decrypts `ciphertext` to `plaintext` (as many bytes, possibly the same memory) if the tag is right.
    ///
    /// - Returns: Whether it is. If not, `plaintext` has been wiped: nothing unauthenticated leaves this function.
    mutating func open(
        nonce: UnsafeRawPointer,
        associatedData: UnsafeRawBufferPointer,
        ciphertext: UnsafeRawBufferPointer,
        tag: UnsafeRawPointer,
        plaintext: UnsafeMutableRawPointer
    ) -> Bool {
        let output = plaintext.assumingMemoryBound(to: UInt8.self)
        var count: Int32 = 0
        var succeeded = EVP_DecryptInit_ex2(context, nil, nil, nonce.assumingMemoryBound(to: UInt8.self), nil) == 1
        if let data = associatedData.baseAddress, associatedData.count > 0 {
            let bytes = data.assumingMemoryBound(to: UInt8.self)
            succeeded = EVP_DecryptUpdate(context, nil, &count, bytes, Int32(associatedData.count)) == 1 && succeeded
        }
        if let data = ciphertext.baseAddress, ciphertext.count > 0 {
            let bytes = data.assumingMemoryBound(to: UInt8.self)
            succeeded = EVP_DecryptUpdate(context, output, &count, bytes, Int32(ciphertext.count)) == 1 && succeeded
        }
        // SET_TAG copies the tag and leaves the memory behind the pointer alone.
        let expected = UnsafeMutableRawPointer(mutating: tag)
        succeeded =
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagBytes), expected) == 1 && succeeded
        succeeded = EVP_DecryptFinal_ex(context, output + ciphertext.count, &count) == 1 && succeeded
        if !succeeded {
            OPENSSL_cleanse(plaintext, ciphertext.count)
            ERR_clear_error()
        }
        return succeeded
    }
}
