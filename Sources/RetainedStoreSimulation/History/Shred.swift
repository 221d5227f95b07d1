/// A namespace whose messages were destroyed.
struct Shred: Equatable, Sendable {
    var namespace: String
    /// The last version that was given before.
    var lastVersion: UInt64

    /// The namespace of a topic.
    static func namespace(of topic: String) -> String {
        topic.split(separator: "/", omittingEmptySubsequences: false).first.map(String.init) ?? topic
    }
}
