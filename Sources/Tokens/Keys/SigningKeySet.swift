import Authentication
import FoundationEssentials

/// The keys that an issuer signs with, by identifier and algorithm.
struct SigningKeySet: Sendable {
    /// What a search came to.
    enum Search {
        case found(SigningKey)
        case refused(TokenRefusal)
    }

    private struct Name: Hashable {
        let identifier: String?
        let algorithm: SigningAlgorithm
    }

    private let keys: [Name: SigningKey]

    /// How many keys can be used.
    var count: Int { keys.count }

    /// Reads a JWK Set (RFC 7517 §5); keys that cannot be used are left out, as the specification wants it.
    init(json: [UInt8]) throws(WebTokenError) {
        guard json.count <= TokenLimits.keySetBytesMax,
            let document = try? JSONDecoder().decode(Document.self, from: Data(json)),
            document.keys.count <= TokenLimits.keysMax
        else { throw .notAKeySet }
        var keys: [Name: SigningKey] = [:]
        for description in document.keys.compactMap(\.description) {
            guard let key = SigningKey(description) else { continue }
            let name = Name(identifier: description.identifier, algorithm: key.algorithm)
            // Of two that cannot be told apart the first counts.
            if keys[name] == nil { keys[name] = key }
        }
        guard !keys.isEmpty else { throw .noUsableKey }
        self.keys = keys
    }

    /// The key for a token.
    ///
    /// - Parameters:
    ///   - identifier: as the token names it; `nil` is enough where there is one key only.
    ///   - algorithm: as the token names it; the key must be for this one.
    func key(_ identifier: String?, _ algorithm: SigningAlgorithm) -> Search {
        if let identifier {
            if let key = keys[Name(identifier: identifier, algorithm: algorithm)] { return .found(key) }
            let isKnown = keys.keys.contains { $0.identifier == identifier }
            return .refused(isKnown ? .algorithm : .unknownKey)
        }
        guard keys.count == 1, let key = keys.values.first else { return .refused(.noKeyIdentifier) }
        return key.algorithm == algorithm ? .found(key) : .refused(.algorithm)
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// A key that may be of a kind that nobody knows.
    private struct Entry: Decodable {
        let description: KeyDescription?

        init(from decoder: any Decoder) throws {
            description = try? KeyDescription(from: decoder)
        }
    }
}
