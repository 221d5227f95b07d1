/// Which tokens a listener takes in place of passwords.
public struct TokenSettings: Sendable, Equatable {
    /// Where the keys are that signed tokens are checked with.
    public enum KeySet: Sendable, Equatable {
        /// `token_jwks_file`
        case file(ReferencedFile)
        /// `token_jwks_url`
        case url(ReferencedText)
    }

    /// Tokens that an issuer signs (JWT).
    public struct Signed: Sendable, Equatable {
        public var keySet: KeySet
        /// `token_jwks_cafile`; `nil`: the system's authorities.
        public var authorityFile: ReferencedFile?
        /// `token_jwks_refresh`
        public var refreshSeconds = 600
        /// `token_issuer`
        public var issuer: String
        /// `token_audience`, at least one.
        public var audiences: [String]
        /// `token_username_claim`; the first that a token has counts.
        public var userNameClaims = ["sub"]
        /// `token_leeway`
        public var leewaySeconds = 30

        public init(keySet: KeySet, issuer: String, audiences: [String]) {
            self.keySet = keySet
            self.issuer = issuer
            self.audiences = audiences
        }
    }

    public var signed: Signed?
    /// `api_token_file`
    public var tokenFile: ReferencedFile?
    /// `token_header`, one for each line; for signed tokens Cloudflare's, where no line says otherwise.
    public var headers: [String] = []
    /// `token_cookie`
    public var cookie: String?

    public init() {}
}
