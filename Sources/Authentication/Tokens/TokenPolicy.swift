/// Which tokens a listener takes, and where in the request of a WebSocket client they may stand.
public struct TokenPolicy: Sendable {
    /// Tokens that an issuer signs.
    public var signed: (any TokenVerifier)?
    /// Tokens out of a file.
    public var plain: APITokenTable?
    /// Headers whose whole value is a token; their names count whatever their case. `Authorization: Bearer` needs no entry.
    public var headers: [String] = []
    /// The cookie whose value is a token, if one is looked at.
    public var cookie: String?

    public init() {}

    /// Whether a password has the form of a token that is taken here, so that it is checked as one and never as a password.
    ///
    /// That is: an API token's (see ``APIToken``), or a JWT's: three parts in base64url, of which the first begins a JSON object.
    public func isToken(_ password: [UInt8]) -> Bool {
        plain != nil && APIToken.hasForm(password) || signed != nil && Self.hasSignedForm(password)
    }

    /// Whom a token proves; see ``TokenVerifier/verify(_:nowSeconds:)``.
    public func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict {
        guard token.count <= TokenLimits.bytesMax else { return .refused(.malformed) }
        if let plain, APIToken.hasForm(token) { return plain.verify(token) }
        guard let signed, Self.hasSignedForm(token) else { return .refused(.malformed) }
        return signed.verify(token, nowSeconds: nowSeconds)
    }

    private static func hasSignedForm(_ bytes: [UInt8]) -> Bool {
        let dot = UInt8(ascii: ".")
        // A JSON object's `{` is an `e` in base64url, whatever follows.
        return bytes.first == UInt8(ascii: "e") && bytes.count { $0 == dot } == 2
            && bytes.allSatisfy { $0 == dot || Base64URL.isCharacter($0) }
    }
}
