internal import CLibcrypto

/// XAES-256-GCM, the extended-nonce AEAD of C2SP: AES-256-GCM under a key derived from half of a 192-bit nonce.
///
/// Source: <https://c2sp.org/XAES-256-GCM>. Sealed bytes are nonce (24) ‖ ciphertext ‖ tag (16). These forms, which take
/// the nonce or draw it, are for what is sealed once in a while; messages go through ``XAESSealer`` and ``XAESOpener``.
enum XAES256GCM {
    static let keyBytes = 32
    static let nonceBytes = 24
    /// The half of the nonce that the key is derived from, N[:12].
    static let noncePrefixBytes = 12
    static let tagBytes = 16
    /// What sealing adds to a plaintext.
    static let overheadBytes = nonceBytes + tagBytes

    /// Seals under a random nonce, into `plaintext.count + overheadBytes` bytes.
    static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        associatedData: UnsafeRawBufferPointer,
        key: SecretBytes,
        into sealed: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        precondition(sealed.count == plaintext.count + overheadBytes, "sealed bytes of the wrong length")
        let nonce = UnsafeMutableRawBufferPointer(rebasing: sealed[..<nonceBytes])
        try SecureRandom.fill(nonce)
        try seal(
            plaintext,
            associatedData: associatedData,
            key: key,
            nonce: UnsafeRawBufferPointer(nonce),
            into: UnsafeMutableRawBufferPointer(rebasing: sealed[nonceBytes...])
        )
    }

    /// Seals under a given nonce, into `plaintext.count + tagBytes` bytes: ciphertext ‖ tag.
    static func seal(
        _ plaintext: UnsafeRawBufferPointer,
        associatedData: UnsafeRawBufferPointer,
        key: SecretBytes,
        nonce: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        precondition(nonce.count == nonceBytes, "an XAES-256-GCM nonce has 24 bytes")
        precondition(output.count == plaintext.count + tagBytes, "output of the wrong length")
        guard let nonce = nonce.baseAddress, let ciphertext = output.baseAddress else { return }
        var cipher = try derivedCipher(key: key, noncePrefix: nonce)
        cipher.seal(
            nonce: nonce + noncePrefixBytes,
            associatedData: associatedData,
            plaintext: plaintext,
            ciphertext: ciphertext,
            tag: ciphertext + plaintext.count
        )
    }

    /// Opens sealed bytes into `sealed.count - overheadBytes` bytes.
    ///
    /// - Returns: Whether they are authentic; if not, `plaintext` has been wiped.
    static func open(
        _ sealed: UnsafeRawBufferPointer,
        associatedData: UnsafeRawBufferPointer,
        key: SecretBytes,
        into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) -> Bool {
        guard let nonce = sealed.baseAddress, sealed.count >= overheadBytes else { return false }
        let ciphertext = UnsafeRawBufferPointer(rebasing: sealed[nonceBytes..<sealed.count - tagBytes])
        precondition(plaintext.count == ciphertext.count, "plaintext of the wrong length")
        var cipher = try derivedCipher(key: key, noncePrefix: nonce)
        // GCM takes no pointer for an empty plaintext; any address will do.
        var nothing: UInt8 = 0
        return withUnsafeMutableBytes(of: &nothing) { nothing in
            guard let output = plaintext.baseAddress ?? nothing.baseAddress else { return false }
            return cipher.open(
                nonce: nonce + noncePrefixBytes,
                associatedData: associatedData,
                ciphertext: ciphertext,
                tag: nonce + (sealed.count - tagBytes),
                plaintext: output
            )
        }
    }

    private static func derivedCipher(
        key: SecretBytes,
        noncePrefix: UnsafeRawPointer
    ) throws(EnvironmentError) -> AESGCM {
        let schedule = try XAESKeySchedule(id: 0, key: key)
        var cipher = try AESGCM()
        schedule.rekey(&cipher, noncePrefix: noncePrefix)
        return cipher
    }
}
