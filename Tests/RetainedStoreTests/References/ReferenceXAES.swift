import Crypto

/// XAES-256-GCM from the specification's own steps: blocks by ``ReferenceAES256``, GCM by swift-crypto.
enum ReferenceXAES {
    /// The derived key for a key and N[:12].
    static func derivedKey(key: [UInt8], noncePrefix: [UInt8]) -> [UInt8] {
        let cipher = ReferenceAES256(key: key)
        let block = cipher.encrypt([UInt8](repeating: 0, count: 16))
        var subkey = (0..<16).map { block[$0] << 1 | ($0 < 15 ? block[$0 + 1] >> 7 : 0) }
        if block[0] & 0x80 != 0 { subkey[15] ^= 0x87 }
        return [UInt8(1), 2].flatMap { counter in
            cipher.encrypt(zip([0, counter, 0x58, 0] + noncePrefix, subkey).map { $0 ^ $1 })
        }
    }

    /// ciphertext ‖ tag.
    static func seal(_ plaintext: [UInt8], associatedData: [UInt8], key: [UInt8], nonce: [UInt8]) throws -> [UInt8] {
        let derivedKey = derivedKey(key: key, noncePrefix: Array(nonce[..<12]))
        return try seal(plaintext, associatedData: associatedData, derivedKey: derivedKey, nonce: nonce)
    }

    /// The same with a derived key that is known already.
    static func seal(
        _ plaintext: [UInt8],
        associatedData: [UInt8],
        derivedKey: [UInt8],
        nonce: [UInt8]
    ) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            plaintext,
            using: SymmetricKey(data: derivedKey),
            nonce: AES.GCM.Nonce(data: nonce[12...]),
            authenticating: associatedData
        )
        return Array(box.ciphertext) + Array(box.tag)
    }

    /// The plaintext of nonce ‖ ciphertext ‖ tag.
    static func open(_ sealed: [UInt8], associatedData: [UInt8], derivedKey: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: sealed[12...])
        return Array(try AES.GCM.open(box, using: SymmetricKey(data: derivedKey), authenticating: associatedData))
    }
}
