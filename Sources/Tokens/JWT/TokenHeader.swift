import FoundationEssentials

/// What the header of a JWT says about its signature (RFC 7515 §4.1).
///
/// `jwk`, `jku`, `x5c` and `x5u`, by which a token would bring its own key, are not looked at.
struct TokenHeader {
    let algorithm: String
    let keyIdentifier: String?

    /// - Returns: `nil` for what is no header, and for one with `crit`, whose extensions must be understood (§4.1.11) and are not.
    init?(json: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(json)), !fields.isCritical else {
            return nil
        }
        algorithm = fields.algorithm
        keyIdentifier = fields.keyIdentifier
    }

    private struct Fields: Decodable {
        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyIdentifier = "kid"
            case critical = "crit"
        }

        let algorithm: String
        let keyIdentifier: String?
        let isCritical: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            algorithm = try container.decode(String.self, forKey: .algorithm)
            keyIdentifier = try container.decodeIfPresent(String.self, forKey: .keyIdentifier)
            isCritical = container.contains(.critical)
        }
    }
}
