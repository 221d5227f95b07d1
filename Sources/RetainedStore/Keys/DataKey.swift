/// A key that seals the messages of one namespace, or of the namespaces that share a bucket.
final class DataKey: Sendable {
    /// Random; stands in clear beside every message that the key seals.
    let id: DataKeyID
    /// 32 bytes.
    let secret: SecretBytes
    /// Whose messages it seals.
    let scope: DataKeyScope
    /// 1 for a scope's first key, one more with each rotation.
    let generation: UInt32

    init(id: DataKeyID, secret: SecretBytes, scope: DataKeyScope, generation: UInt32) {
        self.id = id
        self.secret = secret
        self.scope = scope
        self.generation = generation
    }
}
