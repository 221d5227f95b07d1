/// The directives about tokens while they are being read.
struct TokenDraft {
    /// The header in which Cloudflare Access vouches for a client.
    static let headerDefault = "Cf-Access-Jwt-Assertion"

    var keySetFile: ReferencedFile?
    var keySetURL: ReferencedText?
    var authorityFile: ReferencedFile?
    var refresh: (seconds: Int, location: SourceLocation)?
    var issuer: ReferencedText?
    var audiences: [ReferencedText] = []
    var userNameClaims: ReferencedText?
    var leeway: (seconds: Int, location: SourceLocation)?
    var headers: [ReferencedText] = []
    var cookie: ReferencedText?
    var tokenFile: ReferencedFile?

    /// Whether no line says anything about tokens.
    var isEmpty: Bool { firstUse == nil && keySetLocation == nil && tokenFile == nil }

    private var keySetLocation: SourceLocation? { keySetFile?.location ?? keySetURL?.location }

    /// A line that means something only together with keys, or with a file of tokens.
    private var firstUse: (name: String, location: SourceLocation)? {
        firstRule ?? headers.first.map { ("token_header", $0.location) } ?? cookie.map { ("token_cookie", $0.location) }
    }

    private var firstRule: (name: String, location: SourceLocation)? {
        issuer.map { ("token_issuer", $0.location) } ?? audiences.first.map { ("token_audience", $0.location) }
            ?? userNameClaims.map { ("token_username_claim", $0.location) }
            ?? leeway.map { ("token_leeway", $0.location) } ?? firstOfURL
    }

    private var firstOfURL: (name: String, location: SourceLocation)? {
        authorityFile.map { ("token_jwks_cafile", $0.location) } ?? refresh.map { ("token_jwks_refresh", $0.location) }
    }

    /// The finished settings; `nil` for a listener without tokens.
    ///
    /// - Parameter isOpenToPages: whether any page may connect to the listener from a browser, which sends its cookies along.
    func finished(isOpenToPages: Bool) throws(MosquittoFileError) -> TokenSettings? {
        if isEmpty { return nil }
        var settings = TokenSettings()
        settings.signed = try signed()
        settings.tokenFile = tokenFile
        if settings.signed == nil, tokenFile == nil, let firstUse {
            throw Self.error(
                at: firstUse.location,
                "\(firstUse.name) says how to take tokens, and there is nothing to check one with",
                "name keys with token_jwks_url or token_jwks_file, or a file of tokens with api_token_file"
            )
        }
        settings.headers = headers.map(\.text)
        if headers.isEmpty, settings.signed != nil { settings.headers = [Self.headerDefault] }
        if let cookie, isOpenToPages {
            throw Self.error(
                at: cookie.location,
                "token_cookie lets any page log in with its visitor's cookie, as browsers send it along to wherever a page connects",
                "name the pages that may connect with websockets_origin, on every listener for WebSocket that takes the cookie"
            )
        }
        settings.cookie = cookie?.text
        return settings
    }

    private func signed() throws(MosquittoFileError) -> TokenSettings.Signed? {
        let keySet: TokenSettings.KeySet
        switch (keySetFile, keySetURL) {
        case (let file?, let url?):
            throw Self.error(
                at: max(file.location.line, url.location.line) == url.location.line ? url.location : file.location,
                "token_jwks_file and token_jwks_url both name keys",
                "keep one of the two lines"
            )
        case (let file?, nil):
            keySet = .file(file)
            if let firstOfURL {
                throw Self.error(at: firstOfURL.location, "\(firstOfURL.name) goes with token_jwks_url", "remove it")
            }
        case (nil, let url?): keySet = .url(url)
        case (nil, nil):
            guard tokenFile != nil, let firstRule else { return nil }
            throw Self.error(
                at: firstRule.location,
                "\(firstRule.name) is about signed tokens, and there are no keys to check one with",
                "name them with token_jwks_url or token_jwks_file"
            )
        }
        guard let issuer, !audiences.isEmpty else {
            throw Self.error(
                at: keySetLocation ?? SourceLocation(file: "", line: 0),
                "these keys sign tokens for others too, and no line says which are for this broker",
                "add token_issuer and token_audience"
            )
        }
        var settings = TokenSettings.Signed(keySet: keySet, issuer: issuer.text, audiences: audiences.map(\.text))
        settings.authorityFile = authorityFile
        if let refresh { settings.refreshSeconds = refresh.seconds }
        if let leeway { settings.leewaySeconds = leeway.seconds }
        if let userNameClaims {
            settings.userNameClaims = userNameClaims.text.split(separator: " ").map(String.init)
        }
        return settings
    }

    private static func error(
        at location: SourceLocation,
        _ problem: String,
        _ remedy: String
    ) -> MosquittoFileError {
        MosquittoFileError(.malformed, at: location, problem, remedy: remedy)
    }
}
