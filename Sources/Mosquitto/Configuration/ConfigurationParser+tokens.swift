extension ConfigurationParser {
    /// Takes the value of a directive about tokens.
    mutating func applyTokens(_ directive: Directive, _ line: inout DirectiveLine) throws(MosquittoFileError) {
        switch directive {
        case .tokenKeySetFile:
            let file = try line.file()
            try changeSecurity(line) { $0.tokens.keySetFile = file }
        case .tokenKeySetURL:
            let url = try line.located()
            try changeSecurity(line) { $0.tokens.keySetURL = url }
        case .tokenKeySetAuthorityFile:
            let file = try line.file()
            try changeSecurity(line) { $0.tokens.authorityFile = file }
        case .tokenKeySetRefresh:
            let (seconds, location) = (try line.integer(10...86_400), line.location)
            try changeSecurity(line) { $0.tokens.refresh = (seconds, location) }
        case .tokenIssuer:
            let issuer = try line.located()
            try changeSecurity(line) { $0.tokens.issuer = issuer }
        case .tokenAudience:
            let audience = try line.located()
            try changeSecurity(line) { $0.tokens.audiences.append(audience) }
        case .tokenUserNameClaim:
            let claims = try line.located()
            try changeSecurity(line) { $0.tokens.userNameClaims = claims }
        case .tokenLeeway:
            let (seconds, location) = (try line.integer(0...600), line.location)
            try changeSecurity(line) { $0.tokens.leeway = (seconds, location) }
        case .tokenHeader:
            let header = try Self.fieldName(&line)
            try changeSecurity(line) { $0.tokens.headers.append(header) }
        case .tokenCookie:
            let cookie = try Self.fieldName(&line)
            try changeSecurity(line) { $0.tokens.cookie = cookie }
        case .apiTokenFile:
            let file = try line.file()
            try changeSecurity(line) { $0.tokens.tokenFile = file }
        default: preconditionFailure("\(directive) says nothing about tokens")
        }
    }

    /// The name of a header or of a cookie (RFC 9110 §5.6.2, token).
    private static func fieldName(_ line: inout DirectiveLine) throws(MosquittoFileError) -> ReferencedText {
        let name = try line.located()
        let isName = name.text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        guard isName else {
            throw line.malformed("\(line.name) is no name of a header or cookie", remedy: "write the name alone")
        }
        guard !["authorization", "cookie"].contains(name.text.lowercased()) else {
            throw line.malformed(
                "\(line.name) is '\(name.text)', whose value is not a token alone",
                remedy: "remove the line: Authorization is read without it, and token_cookie names a cookie"
            )
        }
        return name
    }
}
