/// The filter of a `pattern` rule, in which whole levels `%u` and `%c` stand for the client's names.
///
/// mosquitto 2.0 replaced the two as text, which let a client named `alice/secret` or `$SYS` reach what is not its own.
/// Here, as in mosquitto 2.1, they stand for one whole level and are literal text anywhere else.
struct AccessPattern {
    private static let userName: [UInt8] = Array("%u".utf8)
    private static let clientID: [UInt8] = Array("%c".utf8)

    /// The filter as written.
    let filter: [UInt8]

    /// Whether the pattern's meaning depends on the client.
    var namesClient: Bool {
        mentionsUserName || levels.contains { $0 == Self.clientID[...] }
    }

    /// Whether `%u` stands anywhere in the filter, also inside a level: such a pattern is skipped for clients without
    /// a user name.
    private var mentionsUserName: Bool {
        zip(filter, filter.dropFirst()).contains { $0 == Self.userName[0] && $1 == Self.userName[1] }
    }

    /// The filter with `+` in place of each name.
    var forAnyClient: [UInt8] {
        let names = [Self.userName[...], Self.clientID[...]]
        return Array(levels.map { names.contains($0) ? [.plusSign] : $0 }.joined(separator: [.solidus]))
    }

    private var levels: [ArraySlice<UInt8>] {
        filter.split(separator: .solidus, omittingEmptySubsequences: false)
    }

    /// The filter for one client, or `nil` if it can match no topic.
    ///
    /// - Parameters:
    ///   - userName: without wildcards.
    ///   - clientID: without wildcards.
    func resolved(userName: [UInt8]?, clientID: [UInt8]) -> [UInt8]? {
        if userName == nil, mentionsUserName { return nil }
        var resolved: [UInt8] = []
        for (index, level) in levels.enumerated() {
            if index > 0 { resolved.append(.solidus) }
            let name: [UInt8]
            if level == Self.userName[...], let userName {
                name = userName
            } else if level == Self.clientID[...] {
                name = clientID
            } else {
                resolved += level
                continue
            }
            // A name that is not one level of a topic names none, and a pattern that does not begin with `$` itself
            // never reaches topics that do.
            guard let first = name.first, !name.contains(.solidus) else { return nil }
            if index == 0, first == .dollarSign { return nil }
            resolved += name
        }
        return resolved
    }
}
