public import Authentication
public import MQTTProtocol
import Synchronization

/// Who may connect through a listener, and what they may do there; replaced as a whole when the files are read again.
public final class SecurityDomain: Sendable {
    /// The rules of one moment.
    public struct Policy: Sendable {
        /// Whether a client may connect without a user name that a password proves.
        public var isAnonymousAllowed: Bool
        /// The users, `nil` without a password file: names are then taken at their word.
        public var passwords: PasswordTable?
        /// The tokens that clients may present in place of a password; `nil` for none.
        public var tokens: TokenPolicy?
        /// What clients of MQTT 5.0 may ask for in place of a password (§4.12); none by default.
        public var authenticationMethods: [any AuthenticationMethod] = []
        /// The access rules; ``AccessRules/unrestricted`` without an aclfile.
        public var rules: AccessRules
        /// What client identifiers must begin with (`clientid_prefixes`); empty for no such rule.
        public var clientIDPrefix: [UInt8] = []
        /// How far a SUBSCRIBE may reach.
        public var subscribePolicy: SubscribePolicy
        /// Whether a retained message is delivered only if its publisher may still write to its topic.
        public var isRetainSourceChecked: Bool

        public init(
            isAnonymousAllowed: Bool,
            passwords: PasswordTable?,
            rules: AccessRules,
            subscribePolicy: SubscribePolicy,
            isRetainSourceChecked: Bool
        ) {
            self.isAnonymousAllowed = isAnonymousAllowed
            self.passwords = passwords
            self.rules = rules
            self.subscribePolicy = subscribePolicy
            self.isRetainSourceChecked = isRetainSourceChecked
        }
    }

    private let policy: Mutex<Policy>

    public init(_ policy: Policy) {
        self.policy = Mutex(policy)
    }

    /// The rules as they are now.
    public var current: Policy {
        policy.withLock { $0 }
    }

    /// Puts other rules in force; ``Broker/securityChanged()`` then tells the connections.
    public func replace(_ next: Policy) {
        policy.withLock { $0 = next }
    }
}
