/// What a JWT must say to be taken.
public struct WebTokenRules: Sendable, Equatable {
    /// `iss`, to be met exactly.
    public var issuer: String
    /// `aud`, of which one must be met exactly; at least one.
    public var audiences: [String]
    /// The claims of which the first that a token has becomes the user name; at least one.
    public var userNameClaims: [String]
    /// By how much the issuer's clock and this one may differ.
    public var leewaySeconds: Int64

    public init(
        issuer: String,
        audiences: [String],
        userNameClaims: [String] = ["sub"],
        leewaySeconds: Int64 = 30
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.userNameClaims = userNameClaims
        self.leewaySeconds = leewaySeconds
    }
}
