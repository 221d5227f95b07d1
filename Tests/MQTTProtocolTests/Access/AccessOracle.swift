import MQTTProtocol

/// A second opinion on access: the rules of the file asked one after the other, without compiling anything.
///
/// It is slow and literal, and works on levels as strings, where the module works on bytes.
struct AccessOracle {
    let rules: [AccessRule]
    let userName: String?
    let clientID: String

    /// Whether a request is allowed, and by which line.
    func decision(_ kind: AccessKind, _ topic: String) -> AccessDecision {
        if topic.hasPrefix("$share") { return AccessDecision(isAllowed: false, reason: .serverTopic) }
        if kind == .write, topic.hasPrefix("$SYS"), !Self.matches("$SYS/broker/connection/+/state", topic) {
            return AccessDecision(isAllowed: false, reason: .serverTopic)
        }
        if let rule = first(of: own, kind, { Self.matches($0, topic) }) { return Self.decision(by: rule) }
        if patterns.isEmpty { return AccessDecision(isAllowed: false, reason: .noRule) }
        if hasWildcardInName { return AccessDecision(isAllowed: false, reason: .wildcardInName) }
        if let rule = first(of: patterns, kind, { patternMatches($0, topic) }) { return Self.decision(by: rule) }
        return AccessDecision(isAllowed: false, reason: .noRule)
    }

    /// Whether a rule that denies, and that this client's requests are compared with, matches a topic.
    func isDenied(_ topic: String) -> Bool {
        own.contains { $0.permission == .deny && Self.matches(Self.text($0), topic) }
            || patterns.contains { $0.permission == .deny && patternMatches(Self.text($0), topic) }
    }

    private var hasWildcardInName: Bool {
        [userName ?? "", clientID].contains { $0.contains("+") || $0.contains("#") }
    }

    private var own: [AccessRule] {
        rules.filter { $0.subject == (userName.map { .user(Array($0.utf8)) } ?? .anonymous) }
    }

    private var patterns: [AccessRule] {
        rules.filter { $0.subject == .everybody }
    }

    private func first(of list: [AccessRule], _ kind: AccessKind, _ matches: (String) -> Bool) -> AccessRule? {
        let grants: Set<AccessRule.Permission> = kind == .read ? [.read, .readWrite] : [.write, .readWrite]
        return list.first { $0.permission == .deny && matches(Self.text($0)) }
            ?? list.first { grants.contains($0.permission) && matches(Self.text($0)) }
    }

    private func patternMatches(_ pattern: String, _ topic: String) -> Bool {
        if userName == nil, pattern.contains("%u") { return false }
        let patternLevels = Self.levels(pattern)
        let topicLevels = Self.levels(topic)
        if topic.hasPrefix("$"), !pattern.hasPrefix("$") { return false }
        // Level by level: a place holder accepts exactly the level that is the name.
        var literal = patternLevels
        for index in patternLevels.indices {
            let name: String
            switch patternLevels[index] {
            case "%u": name = userName ?? ""
            case "%c": name = clientID
            default: continue
            }
            guard !name.isEmpty, index < topicLevels.count, topicLevels[index] == name else { return false }
            literal[index] = name
        }
        return Self.levelsMatch(literal[...], topicLevels[...])
    }

    static func matches(_ filter: String, _ topic: String) -> Bool {
        if topic.hasPrefix("$"), !filter.hasPrefix("$") { return false }
        return levelsMatch(levels(filter)[...], levels(topic)[...])
    }

    private static func levelsMatch(_ filter: ArraySlice<String>, _ topic: ArraySlice<String>) -> Bool {
        guard let level = filter.first else { return topic.isEmpty }
        if level == "#" { return true }
        guard let topicLevel = topic.first else { return false }
        guard level == "+" || level == topicLevel else { return false }
        return levelsMatch(filter.dropFirst(), topic.dropFirst())
    }

    private static func levels(_ text: String) -> [String] {
        text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    private static func text(_ rule: AccessRule) -> String {
        String(decoding: rule.filter, as: UTF8.self)
    }

    private static func decision(by rule: AccessRule) -> AccessDecision {
        AccessDecision(isAllowed: rule.permission != .deny, reason: .rule(line: rule.line))
    }
}
