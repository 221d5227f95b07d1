import Authentication
import Crypto
import CryptoExtras
import FoundationEssentials

@testable import Tokens

/// An issuer of tokens with a key of its own for each algorithm, which writes JWT by RFC 7515 and not with the library under test.
struct Issuer {
    static let name = "https://issuer.example"
    static let audience = "broker"
    /// When the tests' tokens are looked at, in seconds since 1970.
    static let now: Int64 = 1_800_000_000

    /// An RSA key takes long to draw: one for all.
    private static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    let p256 = P256.Signing.PrivateKey()
    let ed25519 = Curve25519.Signing.PrivateKey()

    /// What the issuer publishes: `rsa`, `ec` and `ed`.
    func keySet() throws -> [UInt8] {
        Array(#"{"keys":[\#(try rsaKey()),\#(ecKey()),\#(edKey())]}"#.utf8)
    }

    func rsaKey(_ fields: String = #""kid":"rsa""#) throws -> String {
        let primitives = try Self.rsa.get().publicKey.getKeyPrimitives()
        return
            #"{"kty":"RSA","n":"\#(Self.text(primitives.modulus))","e":"\#(Self.text(primitives.publicExponent))",\#(fields)}"#
    }

    func ecKey(_ fields: String = #""kid":"ec""#) -> String {
        let point = Array(p256.publicKey.rawRepresentation)
        return
            #"{"kty":"EC","crv":"P-256","x":"\#(Self.text(point.prefix(32)))","y":"\#(Self.text(point.suffix(32)))",\#(fields)}"#
    }

    func edKey(_ fields: String = #""kid":"ed""#) -> String {
        #"{"kty":"OKP","crv":"Ed25519","x":"\#(Self.text(ed25519.publicKey.rawRepresentation))",\#(fields)}"#
    }

    /// A verifier with these keys.
    func verifier(leeway: Int64 = 30, claims: [String] = ["sub"], keySet: [UInt8]? = nil) throws -> any TokenVerifier {
        let rules = WebTokenRules(
            issuer: Self.name,
            audiences: [Self.audience, "other broker"],
            userNameClaims: claims,
            leewaySeconds: leeway
        )
        return try WebTokens().verifier(rules, keySet: keySet ?? self.keySet())
    }

    /// The claims of a token that is right, with some replaced; `nil` leaves one out.
    static func claims(_ changes: [String: String?] = [:]) -> String {
        var claims: [String: String?] = [
            "iss": #""\#(name)""#, "aud": #""\#(audience)""#, "sub": #""alice""#, "exp": "\(now + 60)",
        ]
        for (name, value) in changes { claims[name] = value }
        return "{" + claims.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }.joined(separator: ",")
            + "}"
    }

    /// A signed token.
    ///
    /// - Parameters:
    ///   - algorithm: which key signs.
    ///   - header: in place of the one that belongs to the key.
    func token(
        _ algorithm: SigningAlgorithm = .es256,
        header: String? = nil,
        claims: String = Self.claims()
    ) throws -> [UInt8] {
        let identifier =
            switch algorithm {
            case .rs256: "rsa"
            case .es256: "ec"
            case .edDSA: "ed"
            }
        let header = header ?? #"{"alg":"\#(algorithm.rawValue)","kid":"\#(identifier)","typ":"JWT"}"#
        let signed = Self.text(Array(header.utf8)) + "." + Self.text(Array(claims.utf8))
        return Array((signed + "." + Self.text(try signature(of: Array(signed.utf8), algorithm))).utf8)
    }

    private func signature(of bytes: [UInt8], _ algorithm: SigningAlgorithm) throws -> [UInt8] {
        switch algorithm {
        case .rs256:
            Array(
                try Self.rsa.get().signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
                    .rawRepresentation
            )
        case .es256: Array(try p256.signature(for: SHA256.hash(data: bytes)).rawRepresentation)
        case .edDSA: Array(try ed25519.signature(for: bytes))
        }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String { Base64URL.encoded(Array(bytes)) }
}
