/// The keys that a store derives from its root key, one per purpose (Format.md, "Keys").
struct DerivedKeys: Sendable {
    /// 16 bytes: blind topics.
    let index: SecretBytes
    /// 16 bytes: the keys of session records.
    let sessions: SecretBytes
    /// 32 bytes: the set digest.
    let audit: SecretBytes
    /// 32 bytes: the MACs of segments and groups.
    let journal: SecretBytes
    /// 32 bytes: seals the index state.
    let state: SecretBytes
    /// 32 bytes: the MAC of `latch.store`.
    let header: SecretBytes
    /// 32 bytes: the MAC of an answer to a challenge.
    let proof: SecretBytes

    init(rootKey: RootKey, setID: SetID) throws(EnvironmentError) {
        self.index = try rootKey.derived(label: "latch v1 index", salt: setID, count: SipHash128.keyBytes)
        self.sessions = try rootKey.derived(label: "latch v1 sessions", salt: setID, count: SipHash128.keyBytes)
        self.audit = try rootKey.derived(label: "latch v1 audit", salt: setID)
        self.journal = try rootKey.derived(label: "latch v1 journal", salt: setID)
        self.state = try rootKey.derived(label: "latch v1 state", salt: setID)
        self.header = try rootKey.derived(label: "latch v1 header", salt: setID)
        self.proof = try rootKey.derived(label: "latch v1 proof", salt: setID)
    }
}
