import Testing

@testable import Mosquitto

/// The directives about tokens.
struct ConfigurationTokenTests {
    private static let signed = """
        token_jwks_url https://issuer.example/keys
        token_issuer https://issuer.example
        token_audience broker

        """

    private func tokens(_ text: String) throws(MosquittoFileError) -> TokenSettings? {
        try MosquittoConfiguration.parse(Array(text.utf8), name: "mosquitto.conf").listeners.first?.security.tokens
    }

    @Test func nothingIsTakenWithoutALine() throws {
        #expect(try tokens("listener 1883\nallow_anonymous true\n") == nil)
    }

    @Test func threeLinesTakeTheTokensOfAnIssuer() throws {
        let tokens = try #require(try tokens(Self.signed + "listener 1883\n"))
        let signed = try #require(tokens.signed)
        guard case .url(let url) = signed.keySet else {
            Issue.record("\(signed.keySet)")
            return
        }
        #expect(url.text == "https://issuer.example/keys")
        #expect(signed.issuer == "https://issuer.example")
        #expect(signed.audiences == ["broker"])
        #expect(signed.userNameClaims == ["sub"])
        #expect(signed.leewaySeconds == 30)
        #expect(signed.refreshSeconds == 600)
        #expect(tokens.headers == ["Cf-Access-Jwt-Assertion"])
        #expect(tokens.cookie == nil)
        #expect(tokens.tokenFile == nil)
    }

    @Test func everyLineCounts() throws {
        let text = """
            token_jwks_url http://127.0.0.1:8080/
            token_jwks_cafile ca.pem
            token_jwks_refresh 60
            token_issuer i
            token_audience a
            token_audience b c
            token_username_claim email common_name
            token_leeway 0
            token_header X-One
            token_header x-two
            token_cookie CF_Authorization
            api_token_file tokens
            listener 9001
            protocol websockets
            websockets_origin https://a.example

            """
        let tokens = try #require(try tokens(text))
        let signed = try #require(tokens.signed)
        #expect(signed.audiences == ["a", "b c"])
        #expect(signed.userNameClaims == ["email", "common_name"])
        #expect(signed.leewaySeconds == 0)
        #expect(signed.refreshSeconds == 60)
        #expect(signed.authorityFile?.path == "ca.pem")
        #expect(tokens.headers == ["X-One", "x-two"])
        #expect(tokens.cookie == "CF_Authorization")
        #expect(tokens.tokenFile?.path == "tokens")
    }

    @Test func listenersMayDiffer() throws {
        let text = """
            per_listener_settings true
            listener 1883
            api_token_file tokens
            listener 1884
            token_jwks_file keys.json
            token_issuer i
            token_audience a
            listener 1885

            """
        let listeners = try MosquittoConfiguration.parse(Array(text.utf8), name: "mosquitto.conf").listeners
        #expect(listeners.map { $0.security.tokens?.tokenFile?.path } == ["tokens", nil, nil])
        #expect(listeners.map { $0.security.tokens?.signed?.issuer } == [nil, "i", nil])
        // What is Cloudflare's header to a file of API tokens?
        #expect(listeners[0].security.tokens?.headers == [])
    }

    private static let wrong = [
        // Keys sign for others too.
        ("token_jwks_url https://a/\n", 1, "token_audience"),
        ("token_jwks_url https://a/\ntoken_issuer i\n", 1, "token_audience"),
        ("token_jwks_file f\ntoken_audience a\n", 1, "token_issuer"),
        // Nothing to check with.
        ("token_issuer i\ntoken_audience a\n", 1, "token_jwks_url"), ("token_leeway 5\n", 1, "token_jwks_url"),
        ("token_header X\n", 1, "api_token_file"), ("token_cookie X\n", 1, "api_token_file"),
        ("api_token_file f\ntoken_username_claim sub\n", 2, "token_jwks_url"),
        // One or the other.
        ("token_jwks_file f\ntoken_jwks_url https://a/\ntoken_issuer i\ntoken_audience a\n", 2, "one of the two"),
        ("token_jwks_file f\ntoken_jwks_cafile c\ntoken_issuer i\ntoken_audience a\n", 2, "token_jwks_url"),
        ("token_jwks_file f\ntoken_jwks_refresh 60\ntoken_issuer i\ntoken_audience a\n", 2, "token_jwks_url"),
        // Values.
        ("token_leeway 601\n", 1, "600"), ("token_leeway -1\n", 1, "0"), ("token_jwks_refresh 9\n", 1, "10"),
        ("token_header Authorization\n", 1, "Authorization"), ("token_header cookie\n", 1, "token_cookie"),
        ("token_header X Y\n", 1, "name"), ("token_header X:\n", 1, "name"), ("token_cookie a=b\n", 1, "name"),
        ("token_issuer\n", 1, "value"), ("token_issuer a\ntoken_issuer b\n", 2, "already"),
    ]

    @Test(arguments: Self.wrong)
    func whatCannotBeMeantIsRefused(lines: String, line: Int, word: String) {
        let error = #expect(throws: MosquittoFileError.self, "\(lines)") { try tokens(lines + "listener 1883\n") }
        #expect(error?.location.line == line)
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    /// A browser sends a cookie along wherever a page connects to.
    @Test func aCookieNeedsOrigins() throws {
        let cookie = Self.signed + "token_cookie C\n"
        let error = #expect(throws: MosquittoFileError.self) {
            try tokens(cookie + "listener 9001\nprotocol websockets\n")
        }
        #expect(error?.location.line == 4)
        #expect(error?.description.contains("websockets_origin") == true)
        let origin = "listener 9001\nprotocol websockets\nwebsockets_origin https://a.example\n"
        #expect(try tokens(cookie + origin)?.cookie == "C")
        // No request, no cookie.
        #expect(try tokens(cookie + "listener 1883\n")?.cookie == "C")
    }
}
