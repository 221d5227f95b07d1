import ArgumentParser
import MQTTWire

/// Which topics a command is about: those that one of its filters matches, or all.
struct MessageSelection: ParsableArguments {
    @Option(
        name: .customLong("filter"),
        help: "Only topics that this filter matches, as in SUBSCRIBE; may be repeated.",
        transform: Self.filter
    )
    var filters: [TopicFilter] = []

    init() {}

    init(_ filters: [TopicFilter]) {
        self.filters = filters
    }

    /// Parses a filter of the command line.
    static func filter(_ text: String) throws -> TopicFilter {
        guard let filter = try? TopicFilter(text), !filter.isShared else {
            throw ValidationError("'\(text)' is no topic filter: + and # stand for whole levels, # at the end only")
        }
        return filter
    }

    func includes(_ topic: [UInt8]) -> Bool {
        filters.isEmpty || topic.withUnsafeBytes { topic in filters.contains { $0.matches(topic: topic) } }
    }
}
