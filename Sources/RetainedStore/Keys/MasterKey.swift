/// The secret that opens a store, and that lives outside it: a 256-bit key, or a passphrase.
///
/// Losing it loses the data. It is kept in locked memory and wiped with the last copy of this value; it has no description.
public struct MasterKey: Sendable {
    /// The length of a key that is not a passphrase.
    public static let keyBytes = 32

    /// What the secret is.
    enum Material {
        case key(SecretBytes, fingerprint: KeyFingerprint)
        /// Made into a key by scrypt with the salt of the slot that is tried.
        case passphrase(SecretBytes)
    }

    let material: Material

    /// A key of 32 raw bytes.
    ///
    /// - Throws: `MasterKeyError.wrongLength`.
    public init(bytes: UnsafeRawBufferPointer) throws(MasterKeyError) {
        guard bytes.count == Self.keyBytes else { throw .wrongLength(found: bytes.count) }
        try self.init(key: SecretBytes(copying: bytes))
    }

    /// A passphrase, as UTF-8, without the line end that files and prompts add.
    ///
    /// - Throws: `MasterKeyError.emptyPassphrase`.
    public init(passphrase: UnsafeRawBufferPointer) throws(MasterKeyError) {
        let passphrase = UnsafeRawBufferPointer(rebasing: passphrase[..<Self.countWithoutLineEnd(passphrase)])
        guard passphrase.count > 0 else { throw .emptyPassphrase }
        self.material = .passphrase(SecretBytes(copying: passphrase))
    }

    /// A passphrase.
    ///
    /// - Throws: `MasterKeyError.emptyPassphrase`.
    public init(passphrase: String) throws(MasterKeyError) {
        var passphrase = passphrase
        self = try Self.withBytes(of: &passphrase) { bytes throws(MasterKeyError) in try MasterKey(passphrase: bytes) }
    }

    /// A new random key.
    ///
    /// - Throws: `MasterKeyError.environment` if the kernel gives no random bytes.
    public static func random() throws(MasterKeyError) -> MasterKey {
        do throws(EnvironmentError) {
            let key = try SecretBytes.random(count: keyBytes)
            return MasterKey(key: key, fingerprint: try KeyFingerprint(ofKey: key))
        } catch {
            throw .environment(error)
        }
    }

    init(key: SecretBytes) throws(MasterKeyError) {
        do throws(EnvironmentError) {
            self.init(key: key, fingerprint: try KeyFingerprint(ofKey: key))
        } catch {
            throw .environment(error)
        }
    }

    private init(key: SecretBytes, fingerprint: KeyFingerprint) {
        self.material = .key(key, fingerprint: fingerprint)
    }

    /// The key's fingerprint: 16 hexadecimal digits that tell which key it is and nothing about it.
    ///
    /// `nil` for a passphrase, whose key depends on the store.
    public var fingerprint: String? {
        switch material {
        case .key(_, let fingerprint): fingerprint.description
        case .passphrase: nil
        }
    }

    /// Calls `body` with the key's 32 bytes, for writing a key file; `nil` for a passphrase.
    ///
    /// The pointer is valid within `body` only; whoever copies the bytes answers for wiping the copy.
    public func withKeyBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        switch material {
        case .key(let key, _): try key.withUnsafeBytes(body)
        case .passphrase: nil
        }
    }
}
