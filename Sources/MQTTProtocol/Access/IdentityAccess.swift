import Glibc
public import MQTTWire

/// What one client may read and write, resolved once when it connects.
///
/// A decision walks at most two short lists of compiled filters, allocates nothing and takes no lock; with the common
/// list `pattern readwrite %u/#` it is one `memcmp`. It is asked for every PUBLISH and every delivery.
public final class IdentityAccess: Sendable {
    /// The patterns as far as this client is concerned.
    enum Patterns: Sendable {
        /// The list holds no pattern.
        case none
        /// A wildcard in the client's names forbids to consult them.
        case refusedForName
        /// The patterns with its names filled in.
        case list(RuleList)
    }

    /// A client that no list restricts.
    static let unrestricted = IdentityAccess(isUnrestricted: true, own: nil, patterns: .none)

    private let isUnrestricted: Bool
    private let own: RuleList?
    private let patterns: Patterns

    convenience init(own: RuleList?, patterns: Patterns) {
        self.init(isUnrestricted: false, own: own, patterns: patterns)
    }

    private init(isUnrestricted: Bool, own: RuleList?, patterns: Patterns) {
        self.isUnrestricted = isUnrestricted
        self.own = own
        self.patterns = patterns
    }

    /// Whether the client may read or write a topic.
    ///
    /// - Parameter topic: a topic name without wildcards; only read during the call. An empty one is denied.
    public func allows(_ kind: AccessKind, topic: UnsafeRawBufferPointer) -> Bool {
        decision(kind, topic: topic).isAllowed
    }

    /// Whether the client may read or write a topic, and which line of the list says so.
    ///
    /// - Parameter topic: a topic name without wildcards; only read during the call. An empty one is denied.
    @inline(__always)
    public func decision(_ kind: AccessKind, topic: UnsafeRawBufferPointer) -> AccessDecision {
        guard let first = topic.first else { return AccessDecision(isAllowed: false, reason: .noRule) }
        if first == .dollarSign, Self.isServerTopic(kind, topic) {
            return AccessDecision(isAllowed: false, reason: .serverTopic)
        }
        if isUnrestricted { return AccessDecision(isAllowed: true, reason: .unrestricted) }
        if let entry = own?.decidingEntry(kind, topic: topic) { return Self.decision(by: entry) }
        switch patterns {
        case .none:
            return AccessDecision(isAllowed: false, reason: .noRule)
        case .refusedForName:
            return AccessDecision(isAllowed: false, reason: .wildcardInName)
        case .list(let list):
            guard let entry = list.decidingEntry(kind, topic: topic) else {
                return AccessDecision(isAllowed: false, reason: .noRule)
            }
            return Self.decision(by: entry)
        }
    }

    /// Whether a subscription is granted.
    ///
    /// - Parameters:
    ///   - filter: as it stands in SUBSCRIBE; a shared subscription is checked by the filter behind its share name.
    ///   - policy: how much is checked; see ``SubscribePolicy``.
    public func subscribeDecision(filter: TopicFilter, policy: SubscribePolicy) -> SubscribeDecision {
        switch policy {
        case .filter: .granted
        case .strict: coverage(of: filter).isAllowed ? .granted : .refused
        }
    }

    /// Whether a filter lies inside what the client may read, and which rule says so: what ``SubscribePolicy/strict`` asks.
    ///
    /// - Parameter filter: as it stands in SUBSCRIBE.
    public func coverage(of filter: TopicFilter) -> AccessDecision {
        if isUnrestricted { return AccessDecision(isAllowed: true, reason: .unrestricted) }
        return filter.withMatchedBytes { filter in
            if let entry = own?.coveringEntry(filter: filter) { return Self.decision(by: entry) }
            switch patterns {
            case .none: break
            case .refusedForName: return AccessDecision(isAllowed: false, reason: .wildcardInName)
            case .list(let list):
                if let entry = list.coveringEntry(filter: filter) { return Self.decision(by: entry) }
            }
            return AccessDecision(isAllowed: false, reason: .noRule)
        }
    }

    private static func decision(by entry: RuleList.Entry) -> AccessDecision {
        AccessDecision(isAllowed: entry.permission != .deny, reason: .rule(line: entry.line))
    }

    /// Whether a topic that begins with `$` is closed to this kind of access, whatever the rules say.
    ///
    /// As in mosquitto: everything that begins with `$share` is a subscription and no topic, and nobody writes to what
    /// begins with `$SYS` except to the connection state that bridges report there.
    private static func isServerTopic(_ kind: AccessKind, _ topic: UnsafeRawBufferPointer) -> Bool {
        if begins(topic, with: "$share") { return true }
        guard kind == .write, begins(topic, with: "$SYS") else { return false }
        var state: StaticString { "$SYS/broker/connection/+/state" }
        let filter = UnsafeRawBufferPointer(start: state.utf8Start, count: state.utf8CodeUnitCount)
        return !TopicFilter.matches(filter: filter, topic: topic)
    }

    private static func begins(_ bytes: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
        guard let start = bytes.baseAddress, bytes.count >= prefix.utf8CodeUnitCount else { return false }
        return memcmp(start, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
    }
}
