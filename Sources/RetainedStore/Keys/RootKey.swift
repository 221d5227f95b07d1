/// The key that everything else in a store is derived from; it encrypts nothing itself.
struct RootKey: Sendable {
    static let keyBytes = 32

    let secret: SecretBytes

    /// A new store's root key.
    static func random() throws(EnvironmentError) -> RootKey {
        RootKey(secret: try SecretBytes.random(count: keyBytes))
    }

    /// The key for one purpose.
    ///
    /// - Parameter label: `latch v1 …`, from the table in Format.md.
    func derived(label: StaticString, salt: UInt128, count: Int = 32) throws(EnvironmentError) -> SecretBytes {
        try SecretBytes(derivedFrom: secret, label: label, salt: salt, count: count)
    }
}
