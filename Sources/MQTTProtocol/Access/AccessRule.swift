/// One line of an access control list that grants or denies something.
///
/// The rule is plain data in the order of its file; ``AccessRules`` compiles a list of them. mosquitto's `aclfile` is
/// the source that exists today, and the names follow it: a `topic` line belongs to a user or to clients without a
/// user name, a `pattern` line to everybody.
public struct AccessRule: Sendable, Equatable {
    /// Whom a rule is for.
    public enum Subject: Sendable, Equatable {
        /// Clients that authenticated under this user name.
        case user([UInt8])
        /// Clients that gave no user name.
        case anonymous
        /// Every client; whole levels `%u` and `%c` of the filter stand for its user name and client identifier.
        case everybody
    }

    /// What a rule says about the topics that its filter matches.
    public enum Permission: UInt8, Sendable, CaseIterable {
        /// Neither reading nor writing, whatever later rules of the same list say.
        case deny = 0
        /// Messages may be delivered.
        case read = 1
        /// Messages may be published.
        case write = 2
        /// Both.
        case readWrite = 3

        /// Whether a request of this kind is granted.
        func grants(_ kind: AccessKind) -> Bool {
            rawValue & kind.rawValue != 0
        }
    }

    /// Whom the rule is for.
    public var subject: Subject
    /// What it grants or denies.
    public var permission: Permission
    /// The topic filter, a valid one (MQTT 5.0 §4.7.1): UTF-8, at most 65,535 bytes.
    public var filter: [UInt8]
    /// The line of the source that states the rule, counted from 1, so that a decision can be explained.
    public var line: Int

    public init(subject: Subject, permission: Permission, filter: [UInt8], line: Int) {
        self.subject = subject
        self.permission = permission
        self.filter = filter
        self.line = line
    }
}
