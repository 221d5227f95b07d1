/// A data key that was destroyed together with the messages of a namespace: what its records are known by, so that they
/// are gone and not damaged.
///
/// Only a record of this namespace, up to this LSN, may name the key. So nobody who can write to the disk makes another
/// message vanish by giving its record the id of a destroyed key.
struct ShreddedKey: Hashable, Sendable {
    /// The id that the key had.
    let id: DataKeyID
    /// The namespace whose messages are gone.
    let namespace: NamespaceToken
    /// The generation that the key was of.
    let generation: UInt32
    /// The last LSN when the key was destroyed.
    let lastLSN: UInt64

    /// Whether a record that names the key is one of those that are gone.
    func covers(blindKey: UnsafeRawBufferPointer, version: UInt64) -> Bool {
        version <= lastLSN && BlindTopicKey.namespace(of: blindKey) == namespace
    }
}
