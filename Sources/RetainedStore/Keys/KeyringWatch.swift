/// Notices that keys of the keyring were destroyed or replaced, so that whoever has some at hand lets go of them.
///
/// For one thread at a time.
struct KeyringWatch {
    let keyring: Keyring
    /// The revision of the keyring that the keys at hand are of.
    private(set) var revision: UInt64

    init(_ keyring: Keyring) {
        self.keyring = keyring
        revision = keyring.revision
    }

    /// Whether there is another revision than the last time that this was asked. The answer comes before any key is asked
    /// for: one that is replaced meanwhile then counts as old.
    @inline(__always)
    mutating func hasChanged() -> Bool {
        let current = keyring.revision
        guard current != revision else { return false }
        revision = current
        return true
    }
}
