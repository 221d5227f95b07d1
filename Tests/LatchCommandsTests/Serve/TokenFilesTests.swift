import Authentication
import Mosquitto
import Testing

@testable import LatchCommands

/// What the settings of a file become for the broker.
struct TokenFilesTests {
    /// Knows JWT by name.
    private struct Support: WebTokenSupport {
        struct Verifier: TokenVerifier {
            func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict { .refused(.signature) }
            func refreshKeys() async -> Bool { false }
            func keepKeysFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {}
        }

        func verifier(_ rules: WebTokenRules, keySet: [UInt8]) throws(WebTokenError) -> any TokenVerifier {
            if keySet != Array("keys".utf8) { throw .notAKeySet }
            return Verifier()
        }

        func verifier(
            _ rules: WebTokenRules,
            keySetAt source: KeySetSource
        ) throws(WebTokenError) -> any TokenVerifier {
            if !source.url.hasPrefix("https:") { throw .url }
            return Verifier()
        }
    }

    private func settings(_ text: String) throws -> TokenSettings? {
        try MosquittoConfiguration.parse(Array((text + "\nlistener 1883\n").utf8), name: "mosquitto.conf")
            .listeners.first?.security.tokens
    }

    private static let rules = "token_issuer i\ntoken_audience a\n"

    @Test func tokensOfAFileAreKnown() throws {
        let directory = try TemporaryDirectory()
        let token = try APIToken.random()
        let path = try directory.write("tokens", "# theirs\nrobot:\(token.digest.text)\n")
        let files = TokenFiles(nil)
        let policy = try #require(try files.policy(try settings("api_token_file \(path)\ntoken_header X-Token")))
        #expect(policy.headers == ["X-Token"])
        guard case .accepted(let identity) = policy.verify(Array(token.text.utf8), nowSeconds: 0) else {
            Issue.record("the token is not known")
            return
        }
        #expect(identity.userName == Array("robot".utf8))
        for line in ["robot:\(token.text)", "a/b:\(token.digest.text)", "robot:\(token.digest.text)0"] {
            let wrong = try directory.write("wrong", line + "\n")
            let error = #expect(throws: MosquittoFileError.self) {
                try files.policy(try settings("api_token_file \(wrong)"))
            }
            #expect(error?.description.contains(token.text) == false)
        }
    }

    @Test func anIssuerIsAskedByOneForAllListeners() throws {
        let files = TokenFiles(Support())
        let settings = try settings("token_jwks_url https://issuer.example/\n" + Self.rules)
        #expect(try files.policy(settings)?.signed != nil)
        // As after SIGHUP.
        #expect(try files.policy(settings)?.signed != nil)
        #expect(files.remoteKeys.map(\.url) == ["https://issuer.example/"])
    }

    @Test func whatCannotBeUsedIsNamedWithItsLine() throws {
        let directory = try TemporaryDirectory()
        let good = try directory.write("good.json", "keys")
        let bad = try directory.write("bad.json", "else")
        #expect(try TokenFiles(Support()).policy(try settings("token_jwks_file \(good)\n" + Self.rules))?.signed != nil)
        for (line, support) in [
            ("token_jwks_file \(bad)", Support()), ("token_jwks_file \(bad).missing", Support()),
            ("token_jwks_url http://issuer.example/", Support()), ("token_jwks_file \(good)", nil),
        ] {
            let settings = try settings(line + "\n" + Self.rules)
            let error = #expect(throws: MosquittoFileError.self, "\(line)") { try TokenFiles(support).policy(settings) }
            #expect(error?.location == SourceLocation(file: "mosquitto.conf", line: 1))
        }
    }
}
