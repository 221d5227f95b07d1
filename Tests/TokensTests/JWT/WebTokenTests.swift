import Authentication
import Crypto
import FoundationEssentials
import Testing

@testable import Tokens

/// Which JWT are taken, and why the others are not.
struct WebTokenTests {
    private let issuer = Issuer()

    private func verdict(
        _ token: [UInt8],
        leeway: Int64 = 30,
        claims: [String] = ["sub"],
        now: Int64 = Issuer.now
    ) throws -> TokenVerdict {
        try issuer.verifier(leeway: leeway, claims: claims).verify(token, nowSeconds: now)
    }

    private func alice(until seconds: Int64) -> TokenVerdict? {
        TokenIdentity(userName: Array("alice".utf8), expiresAtSeconds: seconds).map { .accepted($0) }
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func aTokenOfTheIssuerIsTaken(algorithm: SigningAlgorithm) throws {
        #expect(try verdict(issuer.token(algorithm)) == alice(until: Issuer.now + 90))
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func everyChangedByteIsNoticed(algorithm: SigningAlgorithm) throws {
        let token = try issuer.token(algorithm)
        let verifier = try issuer.verifier()
        for index in token.indices where token[index] != UInt8(ascii: ".") {
            var changed = token
            // Another character of the alphabet, in its highest bit too.
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "g") : UInt8(ascii: "A")
            guard case .refused = verifier.verify(changed, nowSeconds: Issuer.now) else {
                Issue.record("byte \(index) is not looked at")
                return
            }
        }
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func anotherIssuersSignatureIsNone(algorithm: SigningAlgorithm) throws {
        // All RSA keys of the tests are one.
        guard algorithm != .rs256 else { return }
        #expect(try verdict(Issuer().token(algorithm)) == .refused(.signature))
    }

    /// The ways in which a token's own word about its algorithm has been believed elsewhere.
    @Test func algorithmsAreNotConfused() throws {
        let claims = Issuer.text(Array(Issuer.claims().utf8))
        for header in [#"{"alg":"none"}"#, #"{"alg":"none","kid":"ec"}"#, #"{"alg":"None","kid":"ec"}"#] {
            let unsigned = Issuer.text(Array(header.utf8)) + "." + claims + "."
            #expect(try verdict(Array(unsigned.utf8)) == .refused(.algorithm))
        }
        // HMAC with what is public.
        for (algorithm, secret) in [("HS256", try issuer.rsaKey()), ("HS256", issuer.ecKey())] {
            let signed = Issuer.text(Array(#"{"alg":"\#(algorithm)","kid":"rsa"}"#.utf8)) + "." + claims
            let key = SymmetricKey(data: Array(secret.utf8))
            let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
            #expect(try verdict(Array((signed + "." + Issuer.text(code)).utf8)) == .refused(.algorithm))
        }
        // A key of another kind, and hashes and paddings that are not taken.
        for (name, kid) in [("RS256", "ec"), ("ES256", "rsa"), ("EdDSA", "ec"), ("ES256", "ed")] {
            let header = #"{"alg":"\#(name)","kid":"\#(kid)"}"#
            #expect(try verdict(issuer.token(header: header)) == .refused(.algorithm))
        }
        for name in ["RS384", "RS512", "PS256", "ES384", "ES512", "HS384", "es256", ""] {
            let header = #"{"alg":"\#(name)","kid":"ec"}"#
            #expect(try verdict(issuer.token(header: header)) == .refused(.algorithm), "\(name)")
        }
    }

    /// A token must not bring its own key.
    @Test func keysInTheHeaderAreNotLookedAt() throws {
        let other = Issuer()
        for field in [#""jwk":\#(other.ecKey())"#, #""jku":"https://issuer.example/other""#, #""x5u":"https://a""#] {
            let header = #"{"alg":"ES256","kid":"ec",\#(field)}"#
            #expect(try verdict(other.token(header: header)) == .refused(.signature))
        }
        #expect(
            try verdict(issuer.token(header: #"{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}"#))
                == .refused(.malformed)
        )
    }

    @Test func theKeyIsFoundByItsIdentifier() throws {
        #expect(try verdict(issuer.token(header: #"{"alg":"ES256","kid":"new"}"#)) == .refused(.unknownKey))
        #expect(try verdict(issuer.token(header: #"{"alg":"ES256"}"#)) == .refused(.noKeyIdentifier))
        let single = try issuer.verifier(keySet: Array(#"{"keys":[\#(issuer.ecKey())]}"#.utf8))
        let nameless = try issuer.token(header: #"{"alg":"ES256"}"#)
        #expect(single.verify(nameless, nowSeconds: Issuer.now) == alice(until: Issuer.now + 90))
        let foreign = try issuer.token(.edDSA, header: #"{"alg":"EdDSA"}"#)
        #expect(single.verify(foreign, nowSeconds: Issuer.now) == .refused(.algorithm))
    }

    private static let unfit: [(name: String, value: String?, refusal: TokenRefusal)] = [
        ("iss", #""https://issuer.example/""#, TokenRefusal.issuer), ("iss", nil, .issuer),
        ("iss", #"["https://issuer.example"]"#, .issuer), ("aud", #""broker2""#, .audience), ("aud", nil, .audience),
        ("aud", "[]", .audience), ("aud", #"["x","Broker"]"#, .audience), ("aud", "7", .audience),
        ("exp", nil, .noExpiry), ("exp", #""1800000060""#, .noExpiry), ("exp", "1e300", .noExpiry),
        ("exp", "null", .noExpiry), ("nbf", #""x""#, .notYetValid), ("nbf", "1e300", .notYetValid),
        ("sub", nil, .userName), ("sub", #""""#, .userName), ("sub", "7", .userName), ("sub", #"["alice"]"#, .userName),
        ("sub", #""a/b""#, .userName), ("sub", #""+""#, .userName), ("sub", ##""#""##, .userName),
        ("sub", #""$SYS""#, .userName), ("sub", #""a$""#, .userName), ("sub", #""a\u0000""#, .userName),
        ("sub", #""a\nb""#, .userName),
    ]

    @Test(arguments: Self.unfit)
    func claimsMustFit(name: String, value: String?, refusal: TokenRefusal) throws {
        #expect(try verdict(issuer.token(claims: Issuer.claims([name: value]))) == .refused(refusal))
    }

    @Test(arguments: [#""other broker""#, #"["x","broker"]"#, #"["broker"]"#])
    func oneAudienceIsEnough(audience: String) throws {
        #expect(
            try verdict(issuer.token(claims: Issuer.claims(["aud": audience]))) == alice(until: Issuer.now + 90)
        )
    }

    @Test func timesAreTakenWithLeeway() throws {
        let token = try issuer.token(claims: Issuer.claims(["nbf": "\(Issuer.now - 60)"]))
        let (begin, end) = (Issuer.now - 60, Issuer.now + 60)
        for leeway: Int64 in [0, 30] {
            let taken = alice(until: end + leeway)
            #expect(try verdict(token, leeway: leeway, now: begin - leeway) == taken)
            #expect(try verdict(token, leeway: leeway, now: begin - leeway - 1) == .refused(.notYetValid))
            #expect(try verdict(token, leeway: leeway, now: end + leeway - 1) == taken)
            #expect(try verdict(token, leeway: leeway, now: end + leeway) == .refused(.expired))
        }
        // With a fraction, of which neither side gains.
        let fraction = try issuer.token(claims: Issuer.claims(["exp": "\(end).9", "nbf": "\(begin).1"]))
        #expect(try verdict(fraction, leeway: 0, now: end) == .refused(.expired))
        #expect(try verdict(fraction, leeway: 0, now: begin) == .refused(.notYetValid))
        #expect(try verdict(fraction, leeway: 0, now: begin + 1) == alice(until: end))
    }

    @Test func theFirstClaimThatIsThereNamesTheUser() throws {
        let claims = ["email", "common_name"]
        func name(_ changes: [String: String?]) throws -> TokenVerdict {
            try verdict(issuer.token(claims: Issuer.claims(changes)), claims: claims)
        }
        #expect(try name(["email": #""alice""#, "sub": #""x""#]) == alice(until: Issuer.now + 90))
        // A Cloudflare service token: its `sub` is empty.
        #expect(try name(["common_name": #""alice""#, "sub": #""""#]) == alice(until: Issuer.now + 90))
        // Not by the second, where the first is unfit.
        #expect(try name(["email": #""a+b@c.example""#, "common_name": #""alice""#]) == .refused(.userName))
        #expect(try name(["email": #""""#, "common_name": #""alice""#]) == .refused(.userName))
        #expect(try name([:]) == .refused(.userName))
    }

    @Test func whatIsNoTokenIsRefused() throws {
        let verifier = try issuer.verifier()
        let token = String(decoding: try issuer.token(), as: UTF8.self)
        let parts = token.split(separator: ".").map(String.init)
        let header = Issuer.text(
            Array((#"{"alg":"ES256","kid":""# + String(repeating: "a", count: 3000) + #""}"#).utf8)
        )
        for text in [
            "", ".", "..", "...", "e..", token + ".", "." + token, token + "=", token + " ", "\(parts[0]).\(parts[1])",
            "\(parts[0])..\(parts[2])", ".\(parts[1]).\(parts[2])", "\(parts[1]).\(parts[1]).\(parts[2])",
            "\(header).\(parts[1]).\(parts[2])", "e30.\(parts[1]).\(parts[2])", "W10.\(parts[1]).\(parts[2])",
            token.replacing("-", with: "+") + "+", String(repeating: "a.", count: 9000),
        ] {
            guard case .refused = verifier.verify(Array(text.utf8), nowSeconds: Issuer.now) else {
                Issue.record("taken: \(text)")
                return
            }
        }
        // A payload that is no object, rightly signed.
        for claims in ["[]", "7", "null", "{", #"{"iss":}"#] {
            #expect(try verdict(issuer.token(claims: claims)) == .refused(.malformed), "\(claims)")
        }
        // Nested deeper than any decoder should follow.
        let nested = String(repeating: #"{"a":"#, count: 5000) + "1" + String(repeating: "}", count: 5000)
        #expect(try verdict(issuer.token(claims: nested)) == .refused(.malformed))
        let header5000 = Issuer.text(Array(String(repeating: "[", count: 1000).utf8))
        #expect(
            verifier.verify(Array("\(header5000).\(parts[1]).\(parts[2])".utf8), nowSeconds: Issuer.now)
                == .refused(.malformed)
        )
    }

    /// Two bits of the last character stand for nothing: one token must not have four spellings.
    @Test func onlyOneSpellingIsTaken() throws {
        let token = try issuer.token(.edDSA)
        let verifier = try issuer.verifier()
        let spellings = (UInt8.min ... .max).filter { last in
            guard case .accepted = verifier.verify(token.dropLast() + [last], nowSeconds: Issuer.now) else {
                return false
            }
            return true
        }
        #expect(spellings == [token.last])
    }
}
