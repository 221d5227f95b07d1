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

extension Collection<Change> {
    /// What a store holds that has taken these changes, the first of which had version 1: the plainest thing that
    /// behaves like one.
    ///
    /// - Parameter shreds: Those that took effect.
    func retained(after shreds: some Sequence<Shred>) -> [String: String] {
        var last: [String: (version: UInt64, change: Change)] = [:]
        for (index, change) in enumerated() { last[change.name] = (UInt64(index) + 1, change) }
        var shreddedThrough: [String: UInt64] = [:]
        for shred in shreds {
            shreddedThrough[shred.namespace] = Swift.max(shreddedThrough[shred.namespace] ?? 0, shred.lastVersion)
        }
        return last.filter { _, last in
            last.version > shreddedThrough[Shred.namespace(of: last.change.topic)] ?? 0
        }.compactMapValues(\.change.payload)
    }
}
