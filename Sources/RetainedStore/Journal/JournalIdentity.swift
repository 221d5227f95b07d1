/// Whose history a journal is, and the key that authenticates it.
struct JournalIdentity: Sendable {
    var setID: SetID
    var timeline: Timeline
    /// 32 bytes: the MACs of segments and groups; nil for whoever reads without the key, and so can not check them.
    var key: SecretBytes?
}
