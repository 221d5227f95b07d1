import CLibcrypto

/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3): enough to check it, not enough to log in elsewhere.
///
/// As text, as PostgreSQL has it: `SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY`, the binary parts in Base64.
public struct ScramCredential: Equatable, Sendable {
    /// RFC 7677 §4 asks for at least as many.
    public static let iterationsDefault = 4_096
    /// More would let a client of ours compute for ever.
    static let iterationsMax = 10_000_000
    private static let mark = "SCRAM-SHA-256$"
    private static let keyBytes = 32

    public let salt: [UInt8]
    public let iterations: Int
    let storedKey: [UInt8]
    let serverKey: [UInt8]

    init(salt: [UInt8], iterations: Int, storedKey: [UInt8], serverKey: [UInt8]) {
        self.salt = salt
        self.iterations = iterations
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// Derives the keys from a password.
    ///
    /// - Parameters:
    ///   - password: UTF-8, normalised as SASLprep has it (RFC 4013) where it is not plain ASCII.
    ///   - salt: Random, 16 bytes or more.
    ///   - iterations: Of PBKDF2, 4,096 or more.
    /// - Returns: nil if libcrypto cannot compute them.
    public init?(password: [UInt8], salt: [UInt8], iterations: Int = iterationsDefault) {
        var salted = [UInt8](repeating: 0, count: Self.keyBytes)
        defer { OPENSSL_cleanse(&salted, salted.count) }
        let isDerived = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(password.count),
                salt,
                Int32(salt.count),
                Int32(iterations),
                EVP_sha256(),
                Int32(salted.count),
                &salted
            ) == 1
        }
        guard isDerived else { return nil }
        var clientKey = Self.hmac(key: salted, Array("Client Key".utf8))
        defer { OPENSSL_cleanse(&clientKey, clientKey.count) }
        self.init(
            salt: salt,
            iterations: iterations,
            storedKey: Self.sha256(clientKey),
            serverKey: Self.hmac(key: salted, Array("Server Key".utf8))
        )
    }

    /// Reads the text form.
    ///
    /// - Returns: nil if it is none.
    public init?(parsing text: String) {
        guard text.hasPrefix(Self.mark) else { return nil }
        let parts = text.dropFirst(Self.mark.count).split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let left = parts[0].split(separator: ":", omittingEmptySubsequences: false)
        let right = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard left.count == 2, right.count == 2, let iterations = Int(left[0]),
            (1...Self.iterationsMax).contains(iterations),
            let salt = Base64.decoded(Array(left[1].utf8)), !salt.isEmpty,
            let storedKey = Base64.decoded(Array(right[0].utf8)), storedKey.count == Self.keyBytes,
            let serverKey = Base64.decoded(Array(right[1].utf8)), serverKey.count == Self.keyBytes
        else { return nil }
        self.init(salt: salt, iterations: iterations, storedKey: storedKey, serverKey: serverKey)
    }

    // MARK: Cryptography

    static func hmac(key: [UInt8], _ data: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: keyBytes)
        var count = 0
        let result = EVP_Q_mac(
            nil,
            "HMAC",
            nil,
            "SHA256",
            nil,
            key,
            key.count,
            data,
            data.count,
            &code,
            code.count,
            &count
        )
        precondition(result != nil && count == keyBytes, "libcrypto computes no HMAC-SHA-256")
        return code
    }

    static func sha256(_ data: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: keyBytes)
        var count = 0
        let result = EVP_Q_digest(nil, "SHA256", nil, data, data.count, &digest, &count)
        precondition(result == 1 && count == keyBytes, "libcrypto computes no SHA-256")
        return digest
    }

    /// Base64 with padding.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return Array(text.prefix(Int(count)))
    }
}

extension ScramCredential: CustomStringConvertible {
    /// The cost alone.
    public var description: String { "ScramCredential(\(iterations) iterations)" }
}
