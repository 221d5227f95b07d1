import Authentication

/// Checks a JWT: the signature with a key that belongs to its algorithm, then issuer, audience, times and user name.
struct WebTokenVerifier: TokenVerifier {
    let rules: WebTokenRules
    let keys: any KeySource

    func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict {
        guard let token = CompactToken(token) else { return .refused(.malformed) }
        guard let algorithm = SigningAlgorithm(rawValue: token.header.algorithm) else { return .refused(.algorithm) }
        guard let keys = keys.current else { return .refused(.noKeys) }
        switch keys.key(token.header.keyIdentifier, algorithm) {
        case .refused(let refusal): return .refused(refusal)
        case .found(let key):
            guard key.hasSigned(token.signedPart, token.signature) else { return .refused(.signature) }
            return verify(token.payload, nowSeconds)
        }
    }

    func refreshKeys() async -> Bool { await keys.refresh() }

    func keepKeysFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {
        await keys.keepFresh(report)
    }

    private func verify(_ payload: [UInt8], _ nowSeconds: Int64) -> TokenVerdict {
        guard let claims = ClaimSet(json: payload) else { return .refused(.malformed) }
        guard claims.text("iss") == rules.issuer else { return .refused(.issuer) }
        guard claims.texts("aud").contains(where: rules.audiences.contains) else { return .refused(.audience) }
        guard let expiry = claims.seconds("exp") else { return .refused(.noExpiry) }
        let expiresAt = Int64(expiry.rounded(.down)) + rules.leewaySeconds
        guard nowSeconds < expiresAt else { return .refused(.expired) }
        if claims.has("nbf") {
            guard let begin = claims.seconds("nbf"), Int64(begin.rounded(.up)) - rules.leewaySeconds <= nowSeconds
            else { return .refused(.notYetValid) }
        }
        // Only the first that is there: a token whose first claim is unfit must not become somebody else by its second.
        guard let claim = rules.userNameClaims.first(where: claims.has), let name = claims.text(claim),
            let identity = TokenIdentity(userName: Array(name.utf8), expiresAtSeconds: expiresAt)
        else { return .refused(.userName) }
        return .accepted(identity)
    }
}
