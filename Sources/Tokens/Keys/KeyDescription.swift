import Authentication
import JWTKit

/// A JSON Web Key as an issuer publishes it (RFC 7517 §4); of a private key only the public part is read.
struct KeyDescription: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type = "kty"
        case use
        case operations = "key_ops"
        case algorithm = "alg"
        case identifier = "kid"
        case modulus = "n"
        case exponent = "e"
        case curve = "crv"
        case x
        case y
    }

    let type: String
    let use: String?
    let operations: [String]?
    let algorithm: String?
    let identifier: String?
    let modulus: String?
    let exponent: String?
    let curve: String?
    let x: String?
    let y: String?

    /// The algorithm that the key's type and curve leave; `nil` for a key that is not for signatures of a kind that is taken.
    var signingAlgorithm: SigningAlgorithm? {
        guard use == nil || use == "sig", operations?.contains("verify") != false else { return nil }
        let suited: SigningAlgorithm
        switch (type, curve) {
        case ("RSA", _): suited = .rs256
        case ("EC", "P-256"): suited = .es256
        case ("OKP", "Ed25519"): suited = .edDSA
        default: return nil
        }
        return algorithm == nil || algorithm == suited.rawValue ? suited : nil
    }

    /// The key as jwt-kit takes it, with its algorithm stated.
    ///
    /// - Returns: `nil` for an RSA key that costs too much to use.
    func publicKey(_ algorithm: SigningAlgorithm) -> JWK? {
        // jwt-kit takes no key without one.
        let identifier = JWKIdentifier(string: identifier ?? "")
        switch algorithm {
        case .rs256:
            guard let modulus = modulus.flatMap({ Base64URL.decoded($0.utf8) }), let exponent else { return nil }
            guard modulus.drop(while: { $0 == 0 }).count * 8 <= TokenLimits.modulusBitsMax else { return nil }
            return .rsa(.rs256, identifier: identifier, modulus: self.modulus, exponent: exponent)
        case .es256:
            return .ecdsa(.es256, identifier: identifier, x: x, y: y, curve: .p256)
        case .edDSA:
            return .octetKeyPair(.eddsa, identifier: identifier, x: x, y: nil, curve: .ed25519)
        }
    }
}
