import MQTTProtocol
import MQTTWire

/// An access control list written as the lines of an `aclfile`, so that tests read like the file.
///
/// The reader of real files lives in another module; this one knows what tests need and traps on anything else.
struct AccessList {
    let rules: [AccessRule]

    init(_ lines: [String]) {
        var subject = AccessRule.Subject.anonymous
        var rules: [AccessRule] = []
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            switch words[0] {
            case "user":
                subject = .user(Array(line.dropFirst(5).utf8))
            case "topic", "pattern":
                guard let permission = Self.permissions[words[1]] else { preconditionFailure(line) }
                let filter = line.dropFirst(words[0].count + words[1].count + 2)
                rules.append(
                    AccessRule(
                        subject: words[0] == "topic" ? subject : .everybody,
                        permission: permission,
                        filter: Array(filter.utf8),
                        line: index + 1
                    )
                )
            default:
                preconditionFailure(line)
            }
        }
        self.rules = rules
    }

    private static let permissions: [String: AccessRule.Permission] = [
        "read": .read, "write": .write, "readwrite": .readWrite, "deny": .deny,
    ]
}

extension IdentityAccess {
    /// The view of a client on a list that is written as text.
    static func of(_ lines: [String], user: String?, client: String = "client") -> IdentityAccess {
        AccessRules(AccessList(lines).rules).view(userName: user.map { Array($0.utf8) }, clientID: Array(client.utf8))
    }

    func allows(_ kind: AccessKind, _ topic: String) -> Bool {
        Array(topic.utf8).withUnsafeBytes { allows(kind, topic: $0) }
    }

    func decision(_ kind: AccessKind, _ topic: String) -> AccessDecision {
        Array(topic.utf8).withUnsafeBytes { decision(kind, topic: $0) }
    }

    func subscribe(_ filter: String, _ policy: SubscribePolicy = .strict) throws -> SubscribeDecision {
        subscribeDecision(filter: try TopicFilter(filter), policy: policy)
    }
}
