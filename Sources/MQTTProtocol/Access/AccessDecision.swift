/// Whether an access is allowed, and what decided it.
public struct AccessDecision: Sendable, Equatable {
    /// What decided.
    public enum Reason: Sendable, Equatable {
        /// The first rule whose filter matches and whose permission speaks about the request, by its line.
        case rule(line: Int)
        /// No rule speaks about the topic: what is not granted is denied.
        case noRule
        /// There is no access control list.
        case unrestricted
        /// The topic belongs to the server: nobody writes to `$SYS`, and `$share` is no topic.
        case serverTopic
        /// The user name or the client identifier holds `+` or `#`, and patterns would have to be consulted.
        case wildcardInName
    }

    /// Whether the request is granted.
    public var isAllowed: Bool
    /// What decided.
    public var reason: Reason

    public init(isAllowed: Bool, reason: Reason) {
        self.isAllowed = isAllowed
        self.reason = reason
    }
}
