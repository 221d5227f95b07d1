import Testing

@testable import Authentication

/// Tokens that stand in a file by their digest.
struct APITokenTests {
    private func identity(_ name: String) throws -> TokenIdentity {
        try #require(TokenIdentity(userName: Array(name.utf8)))
    }

    @Test func aTokenIsTakenForItsUser() throws {
        let (first, second, foreign) = (try APIToken.random(), try APIToken.random(), try APIToken.random())
        var policy = TokenPolicy()
        policy.plain = APITokenTable([
            (try identity("alice"), first.digest), (try identity("bob"), second.digest),
        ])
        #expect(policy.verify(Array(first.text.utf8), nowSeconds: 0) == .accepted(try identity("alice")))
        #expect(policy.verify(Array(second.text.utf8), nowSeconds: 0) == .accepted(try identity("bob")))
        #expect(policy.verify(Array(foreign.text.utf8), nowSeconds: 0) == .refused(.unknown))
        for text in ["", "latch_", String(first.text.dropLast()), first.text + "A", first.text.uppercased(), "x"] {
            #expect(policy.verify(Array(text.utf8), nowSeconds: 0) == .refused(.malformed), "\(text)")
        }
    }

    @Test func tokensAreLongAndDiffer() throws {
        let tokens = Set(try (0..<100).map { _ in try APIToken.random().text })
        #expect(tokens.count == 100)
        for token in tokens {
            #expect(token.hasPrefix("latch_"))
            #expect(Base64URL.decoded(token.dropFirst(6).utf8)?.count == 32)
            #expect(APIToken.hasForm(Array(token.utf8)))
        }
    }

    /// As `printf %s TOKEN | sha256sum` computes it.
    @Test func theDigestIsSHA256InHexadecimal() throws {
        let digest = APITokenDigest(of: Array("abc".utf8))
        #expect(digest.text == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(APITokenDigest(parsing: Array(digest.text.utf8)) == digest)
        #expect(APITokenDigest(parsing: Array("sha256:\(digest.text.dropFirst(7).uppercased())".utf8)) == digest)
        for text in [
            "", "sha256:", String(digest.text.dropLast()), digest.text + "0", "sha512:\(digest.text.dropFirst(7))",
            "sha256:g\(digest.text.dropFirst(8))", "$6$salt$hash",
        ] {
            #expect(APITokenDigest(parsing: Array(text.utf8)) == nil, "\(text)")
        }
    }

    /// What is a password stays one.
    @Test func onlyTheFormOfATokenMakesAPasswordOne() throws {
        let token = Array(try APIToken.random().text.utf8)
        let signed = Array("eyJhbGciOiJFUzI1NiJ9.e30.AAAA".utf8)
        var policy = TokenPolicy()
        #expect(!policy.isToken(token) && !policy.isToken(signed))
        policy.plain = APITokenTable([])
        #expect(policy.isToken(token) && !policy.isToken(signed))
        policy.signed = AnyVerifier()
        policy.plain = nil
        #expect(!policy.isToken(token) && policy.isToken(signed))
        for password in ["", "secret", "e.x", "e.a.b.c", "a.b.c", "e..!", "eyJ.e30.AA A", "e.a.b "] {
            #expect(!policy.isToken(Array(password.utf8)), "\(password)")
        }
    }

    @Test func endlessTokensAreNotLookedAt() {
        var policy = TokenPolicy()
        policy.signed = AnyVerifier()
        let long = Array("e.a.".utf8) + Array(repeating: UInt8(ascii: "a"), count: TokenLimits.bytesMax)
        #expect(policy.verify(long, nowSeconds: 0) == .refused(.malformed))
        #expect(policy.verify(Array("e.a.a".utf8), nowSeconds: 0) == .refused(.signature))
    }

    @Test(arguments: [
        ("alice", true), ("Jürgen Müller", true), ("a@b.example", true), ("", false), ("a/b", false), ("+", false),
        ("a#", false), ("$SYS", false), ("a$b", false), ("a\u{0}", false), ("a\u{7f}", false), ("a\u{85}", false),
    ])
    func namesStandForOneLevel(name: String, isAcceptable: Bool) {
        #expect(TokenIdentity.isAcceptable(Array(name.utf8)) == isAcceptable)
    }

    @Test func namesAreUTF8ThatMQTTCarries() {
        #expect(!TokenIdentity.isAcceptable([0xFF]))
        #expect(TokenIdentity.isAcceptable(Array(repeating: UInt8(ascii: "a"), count: 65_535)))
        #expect(!TokenIdentity.isAcceptable(Array(repeating: UInt8(ascii: "a"), count: 65_536)))
    }

    private struct AnyVerifier: TokenVerifier {
        func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict { .refused(.signature) }
        func refreshKeys() async -> Bool { false }
        func keepKeysFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {}
    }
}
