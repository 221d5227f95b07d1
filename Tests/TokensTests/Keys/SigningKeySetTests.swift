import Authentication
import Testing

@testable import Tokens

/// Which keys of a JWK Set are used.
struct SigningKeySetTests {
    private let issuer = Issuer()

    private func set(_ keys: String...) throws(WebTokenError) -> SigningKeySet {
        try SigningKeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    @Test func keysOfOtherKindsAreLeftOut() throws {
        let foreign = [
            #"{"kty":"oct","k":"c2VjcmV0","kid":"hmac","alg":"HS256"}"#,
            #"{"kty":"EC","crv":"P-384","x":"AA","y":"AA","kid":"p384"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"short"}"#,
            #"{"kty":"EC","crv":"P-256","kid":"empty"}"#,
            #"{"kty":"OKP","crv":"X25519","x":"AA","kid":"x"}"#,
            #"{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"}"#,
            #"{"kty":"RSA","n":"\#(String(repeating: "_", count: 1400))","e":"AQAB","kid":"dear"}"#,
            #"{"kty":"AKP","kid":"new"}"#, #"{"kty":7}"#, #""text""#, "7", "null", "{}",
            issuer.ecKey(#""kid":"enc","use":"enc""#), issuer.ecKey(#""kid":"other","alg":"ES512""#),
            issuer.ecKey(#""kid":"sign","key_ops":["sign"]"#), issuer.edKey(#""kid":"es","alg":"ES256""#),
            try issuer.rsaKey(#""kid":"pss","alg":"PS256""#),
        ]
        let set = try SigningKeySet(
            json: Array(#"{"keys":[\#((foreign + [issuer.ecKey()]).joined(separator: ","))]}"#.utf8)
        )
        #expect(set.count == 1)
        guard case .found = set.key("ec", .es256) else {
            Issue.record("the key that can be used is not there")
            return
        }
        for key in foreign {
            #expect(throws: WebTokenError.noUsableKey, "\(key)") { try self.set(key) }
        }
    }

    @Test func fieldsThatAllowSignaturesAreNoObstacle() throws {
        let set = try set(
            issuer.ecKey(#""kid":"a","use":"sig","alg":"ES256","key_ops":["verify"],"x5c":["MII"],"ext":true"#),
            issuer.edKey(#""kid":"a","alg":"EdDSA""#)
        )
        // One identifier for two kinds of keys is no confusion.
        #expect(set.count == 2)
    }

    /// A private key in the file is used as the public key that it also is.
    @Test func thePrivatePartIsNotRead() throws {
        let set = try set(issuer.edKey(#""kid":"ed","d":"!!!""#))
        #expect(set.count == 1)
    }

    @Test func ofTwoKeysOfOneNameTheFirstCounts() throws {
        let other = Issuer()
        let token = try issuer.token()
        for (keys, isTaken) in [([issuer, other], true), ([other, issuer], false)] {
            let json = #"{"keys":[\#(keys.map { $0.ecKey() }.joined(separator: ","))]}"#
            let verdict = try issuer.verifier(keySet: Array(json.utf8)).verify(token, nowSeconds: Issuer.now)
            #expect((verdict != .refused(.signature)) == isTaken)
        }
    }

    @Test(arguments: ["", "{}", "[]", "7", #"{"keys":{}}"#, #"{"keys":7}"#, "{\"keys\":[", "\u{0}"])
    func whatIsNoSetIsRefused(text: String) {
        #expect(throws: WebTokenError.notAKeySet) { try SigningKeySet(json: Array(text.utf8)) }
    }

    @Test func aSetHasLimits() {
        #expect(throws: WebTokenError.noUsableKey) { try set() }
        let many = Array(repeating: issuer.ecKey(), count: TokenLimits.keysMax + 1).joined(separator: ",")
        #expect(throws: WebTokenError.notAKeySet) { try set(many) }
        let long = #"{"keys":[\#(issuer.ecKey())],"x":"\#(String(repeating: "a", count: TokenLimits.keySetBytesMax))"}"#
        #expect(throws: WebTokenError.notAKeySet) { try SigningKeySet(json: Array(long.utf8)) }
    }
}
