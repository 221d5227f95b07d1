import ArgumentParser

/// What a load consists of.
enum LoadMode: String, CaseIterable, Codable, ExpressibleByArgument, Sendable {
    /// Connections publish, each to its own topics, and wait for acknowledgements.
    case publish
    /// Subscribers take the whole retained set that an earlier `publish` left.
    case retained
    /// Publishers publish to subscribers that take everything.
    case fanout
    /// Connections do nothing, until they are asked whether they are still there.
    case idle
}
