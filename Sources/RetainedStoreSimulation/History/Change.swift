/// One attempt to change a topic, or a record of a session: what a writer gave to the store, in the order in which it was
/// given a version.
struct Change: Equatable, Sendable {
    var topic: String
    /// nil: cleared.
    var payload: String?
    /// The number of a message that waits for a session; nil: the message is retained.
    var sessionNumber: UInt64?

    /// What tells it from others in what a store holds.
    var name: String { sessionNumber.map { Self.name(topic: topic, sessionNumber: $0) } ?? topic }

    /// No topic of a change begins like this.
    static func name(topic: String, sessionNumber: UInt64) -> String { "session \(sessionNumber): \(topic)" }
}

extension [Change] {
    /// What a store holds that has taken these changes: the plainest thing that behaves like one.
    var retained: [String: String] {
        var retained: [String: String] = [:]
        for change in self { retained[change.name] = change.payload }
        return retained
    }
}
