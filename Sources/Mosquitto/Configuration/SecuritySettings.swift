/// Who may connect through a listener, and under which rules.
///
/// These are global in a configuration file unless it says `per_listener_settings true`; here they are already resolved,
/// so that each listener carries its own.
public struct SecuritySettings: Sendable, Equatable {
    /// Whether a client may connect without a user name, or with one that no password file checks (`allow_anonymous`).
    public var allowsAnonymous: Bool
    /// `password_file`.
    public var passwordFile: ReferencedFile?
    /// The tokens that are taken in place of a password; `nil` for none.
    public var tokens: TokenSettings?
    /// `acl_file`; without one everything is allowed.
    public var accessControlFile: ReferencedFile?
    /// Whether an empty client identifier is replaced by an assigned one (`allow_zero_length_clientid`).
    public var allowsEmptyClientID: Bool
    /// What assigned client identifiers begin with (`auto_id_prefix`), at most 50 bytes.
    public var assignedClientIDPrefix: String

    public init(
        allowsAnonymous: Bool,
        passwordFile: ReferencedFile? = nil,
        accessControlFile: ReferencedFile? = nil,
        allowsEmptyClientID: Bool = true,
        assignedClientIDPrefix: String = "auto-"
    ) {
        self.allowsAnonymous = allowsAnonymous
        self.passwordFile = passwordFile
        self.accessControlFile = accessControlFile
        self.allowsEmptyClientID = allowsEmptyClientID
        self.assignedClientIDPrefix = assignedClientIDPrefix
    }
}
