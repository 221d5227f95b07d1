/// One attempt to change a topic: what a writer gave to the store, in the order in which it was given a version.
struct Change: Equatable, Sendable {
    var topic: String
    /// nil: cleared.
    var payload: String?
}

extension [Change] {
    /// What a store holds that has taken these changes: the plainest thing that behaves like one.
    var retained: [String: String] {
        var retained: [String: String] = [:]
        for change in self { retained[change.topic] = change.payload }
        return retained
    }
}
