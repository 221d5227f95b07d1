/// A compiled access control list: who may read and write which topics.
///
/// The semantics are those of mosquitto 2.1's `acl_file`:
///
/// - A client's own list is asked first (its user's, or the anonymous one if it gave no user name), then the patterns.
/// - In each list deny rules come first; the first rule that matches the topic and speaks about the request decides.
/// - What no rule grants is denied; an empty list denies everything.
/// - In patterns `%u` and `%c` stand for exactly one whole level: a name with `/` in it, an empty one, or one that
///   begins with `$` at the first level matches nothing. A name with `+` or `#` is denied as soon as patterns are
///   consulted.
///
/// The value is immutable. A connection asks once for its ``view(userName:clientID:)``; after a reload the owner of the
/// connection replaces the view.
public struct AccessRules: Sendable {
    /// Whether there is no list, so that nobody need be asked about.
    public let isUnrestricted: Bool
    private let users: [[UInt8]: RuleList]
    private let anonymous: RuleList
    private let patterns: [AccessRule]
    /// The patterns, compiled, when none of them names the client.
    private let sharedPatterns: RuleList?

    /// No access control list: everything is allowed except writing to the server's own topics.
    public static let unrestricted = AccessRules(isUnrestricted: true, rules: [])

    /// Compiles a list.
    ///
    /// - Parameter rules: in file order, with valid filters.
    public init(_ rules: [AccessRule]) {
        self.init(isUnrestricted: false, rules: rules)
    }

    private init(isUnrestricted: Bool, rules: [AccessRule]) {
        var ofUsers: [[UInt8]: [AccessRule]] = [:]
        var ofAnonymous: [AccessRule] = []
        var patterns: [AccessRule] = []
        for rule in rules {
            switch rule.subject {
            case .user(let name): ofUsers[name, default: []].append(rule)
            case .anonymous: ofAnonymous.append(rule)
            case .everybody: patterns.append(rule)
            }
        }
        self.isUnrestricted = isUnrestricted
        self.users = ofUsers.mapValues { RuleList($0) }
        self.anonymous = RuleList(ofAnonymous)
        self.patterns = patterns
        let namesClient = patterns.contains { AccessPattern(filter: $0.filter).namesClient }
        self.sharedPatterns = namesClient ? nil : RuleList(patterns)
    }

    /// The part of the list that concerns one client, with its names filled into the patterns.
    ///
    /// - Parameters:
    ///   - userName: the name under which the client was accepted; `nil` if it gave none.
    ///   - clientID: its client identifier, which may have been assigned by the server.
    public func view(userName: [UInt8]?, clientID: [UInt8]) -> IdentityAccess {
        if isUnrestricted { return .unrestricted }
        let own = if let userName { users[userName] } else { RuleList?.some(anonymous) }
        if patterns.isEmpty { return IdentityAccess(own: own, patterns: .none) }
        if Self.hasWildcard(clientID) || userName.map(Self.hasWildcard) == true {
            return IdentityAccess(own: own, patterns: .refusedForName)
        }
        return IdentityAccess(own: own, patterns: .list(sharedPatterns ?? resolved(userName, clientID)))
    }

    private func resolved(_ userName: [UInt8]?, _ clientID: [UInt8]) -> RuleList {
        RuleList(
            patterns.compactMap { rule in
                AccessPattern(filter: rule.filter).resolved(userName: userName, clientID: clientID).map {
                    AccessRule(subject: .everybody, permission: rule.permission, filter: $0, line: rule.line)
                }
            }
        )
    }

    private static func hasWildcard(_ name: [UInt8]) -> Bool {
        name.contains(.plusSign) || name.contains(.numberSign)
    }
}
