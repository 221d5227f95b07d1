import Testing

@testable import Authentication

/// SCRAM-SHA-256 as RFC 7677 §3 shows it, and everything that is not that.
struct ScramTests {
    private static let nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    private static let first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    private static let challenge =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    private static let final =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

    private static func credential() throws -> ScramCredential {
        let salt = try #require(Base64.decoded(Array("W22ZaJ0SNY7soEsUEjb6gQ==".utf8)))
        return try #require(ScramCredential(password: Array("pencil".utf8), salt: salt))
    }

    private func exchange(user: String = "user") throws -> ScramExchange {
        let method = ScramSHA256(credentials: [Array(user.utf8): try Self.credential()])
        return ScramExchange(method: method, nonce: Array(Self.nonce.utf8))
    }

    @Test func theExampleOfTheStandard() throws {
        var exchange = try exchange()
        #expect(exchange.received(Array(Self.first.utf8)) == .challenge(Array(Self.challenge.utf8)))
        #expect(
            exchange.received(Array(Self.final.utf8))
                == .accepted(
                    userName: Array("user".utf8),
                    data: Array("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=".utf8)
                )
        )
        #expect(exchange.received(Array(Self.final.utf8)) == .refused, "an exchange is used once")
    }

    @Test(arguments: [
        "", "n", "n,,", "n,,n=user", "n,,n=,r=abc", "n,,n=user,r=", "p=tls-unique,,n=user,r=abc",
        "n,a=other,n=user,r=abc",
        "x,,n=user,r=abc", "n,,r=abc,n=user", "n,,n=us=er,r=abc", "n,,n=user,r=a\u{7f}c",
    ])
    func whatIsNoFirstMessageIsRefused(message: String) throws {
        var exchange = try exchange()
        #expect(exchange.received(Array(message.utf8)) == .refused)
        #expect(exchange.received(Array(Self.first.utf8)) == .refused, "and nothing follows")
    }

    @Test(arguments: [
        "", "c=biws", "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        final.replacing("c=biws", with: "c=eSws"), final.replacing("p=d", with: "p=e"), final + "=",
        final.replacing("p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", with: "p="),
        final.replacing("k0,p", with: "k0,x=y,p"),
    ])
    func anotherProofIsRefused(message: String) throws {
        var exchange = try exchange()
        _ = exchange.received(Array(Self.first.utf8))
        #expect(exchange.received(Array(message.utf8)) == .refused)
    }

    /// Nobody learns from the challenge whether there is such a user, however often it is asked for.
    @Test func anUnknownUserIsChallengedAlikeAndRefused() throws {
        let method = ScramSHA256(credentials: [:])
        var challenges: Set<[UInt8]> = []
        for _ in 0..<2 {
            var exchange = ScramExchange(method: method, nonce: Array(Self.nonce.utf8))
            guard case .challenge(let challenge) = exchange.received(Array(Self.first.utf8)) else {
                Issue.record("no challenge")
                return
            }
            challenges.insert(challenge)
            #expect(exchange.received(Array(Self.final.utf8)) == .refused)
        }
        #expect(challenges.count == 1)
    }

    @Test func commasAndEqualsSignsOfANameAreEscaped() throws {
        var exchange = try exchange(user: "a,b=c")
        guard case .challenge(let challenge) = exchange.received(Array("n,,n=a=2Cb=3Dc,r=abc".utf8)) else {
            Issue.record("no challenge")
            return
        }
        #expect(String(decoding: challenge, as: UTF8.self).hasSuffix(",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
    }

    @Test func theTextFormIsReadAndOtherTextIsNot() throws {
        let credential = try Self.credential()
        let keys = [credential.storedKey, credential.serverKey].map {
            String(decoding: ScramCredential.base64($0), as: UTF8.self)
        }
        let text = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$\(keys[0]):\(keys[1])"
        #expect(ScramCredential(parsing: text) == credential)
        for broken in [
            "", "SCRAM-SHA-256$", text + "=", text.replacing("4096", with: "0"), text.replacing("4096", with: "x"),
            text.replacing("SHA-256", with: "SHA-1"), text.replacing("$\(keys[0])", with: "$AAAA"),
            text.replacing("W22ZaJ0SNY7soEsUEjb6gQ==", with: ""),
        ] {
            #expect(ScramCredential(parsing: broken) == nil, "\(broken)")
        }
        #expect(!"\(credential)".contains(keys[0]))
    }
}
