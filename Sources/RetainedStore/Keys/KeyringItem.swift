/// What an entry of a keyring stands for.
enum KeyringItem: Sendable {
    /// A key.
    case key(DataKey)
    /// A key that is no more.
    case shredded(ShreddedKey)
}
