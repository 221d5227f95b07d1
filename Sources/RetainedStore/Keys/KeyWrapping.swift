/// A key encrypted under another: nonce (12, random) ‖ AES-256-GCM ciphertext ‖ tag (16), as it stands in files.
enum KeyWrapping {
    /// What wrapping adds.
    static let overheadBytes = AESGCM.nonceBytes + AESGCM.tagBytes

    /// Wraps `plaintext` into `plaintext.count + overheadBytes` bytes.
    static func wrap(
        _ plaintext: UnsafeRawBufferPointer,
        under key: SecretBytes,
        associatedData: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        precondition(output.count == plaintext.count + overheadBytes, "wrapped bytes of the wrong length")
        guard let nonce = output.baseAddress else { return }
        try SecureRandom.fill(UnsafeMutableRawBufferPointer(rebasing: output[..<AESGCM.nonceBytes]))
        var cipher = try AESGCM(key: key)
        cipher.seal(
            nonce: nonce,
            associatedData: associatedData,
            plaintext: plaintext,
            ciphertext: nonce + AESGCM.nonceBytes,
            tag: nonce + AESGCM.nonceBytes + plaintext.count
        )
    }

    /// What was wrapped, or `nil` if the tag does not fit.
    static func unwrap(
        _ wrapped: UnsafeRawBufferPointer,
        under key: SecretBytes,
        associatedData: UnsafeRawBufferPointer
    ) throws(EnvironmentError) -> SecretBytes? {
        guard let nonce = wrapped.baseAddress, wrapped.count > overheadBytes else { return nil }
        let ciphertext = UnsafeRawBufferPointer(
            rebasing: wrapped[AESGCM.nonceBytes..<wrapped.count - AESGCM.tagBytes]
        )
        var cipher = try AESGCM(key: key)
        var isAuthentic = false
        let plaintext = SecretBytes(count: ciphertext.count) { plaintext in
            guard let output = plaintext.baseAddress else { return }
            isAuthentic = cipher.open(
                nonce: nonce,
                associatedData: associatedData,
                ciphertext: ciphertext,
                tag: nonce + (wrapped.count - AESGCM.tagBytes),
                plaintext: output
            )
        }
        return isAuthentic ? plaintext : nil
    }
}
