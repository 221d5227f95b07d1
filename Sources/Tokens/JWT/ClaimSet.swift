import FoundationEssentials

/// The claims of a JWT whose signature is right (RFC 7519 §4).
struct ClaimSet {
    private enum Claim: Decodable {
        case text(String)
        case texts([String])
        case number(Double)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else {
                self = .other
            }
        }
    }

    private let claims: [String: Claim]

    /// - Returns: `nil` for what is no JSON object.
    init?(json: [UInt8]) {
        guard let claims = try? JSONDecoder().decode([String: Claim].self, from: Data(json)) else { return nil }
        self.claims = claims
    }

    /// Whether a claim is there, whatever it holds.
    func has(_ name: String) -> Bool { claims[name] != nil }

    /// A claim that is a string.
    func text(_ name: String) -> String? {
        if case .text(let text) = claims[name] { text } else { nil }
    }

    /// A claim that is a string, or an array of them.
    func texts(_ name: String) -> [String] {
        switch claims[name] {
        case .text(let text): [text]
        case .texts(let texts): texts
        case .number, .other, nil: []
        }
    }

    /// A claim that is a time: seconds since 1970, perhaps with a fraction (RFC 7519 §2, NumericDate).
    ///
    /// - Returns: `nil` where there is none, and for a number that is no time.
    func seconds(_ name: String) -> Double? {
        guard case .number(let seconds) = claims[name], seconds.isFinite, abs(seconds) < Self.secondsMax else {
            return nil
        }
        return seconds
    }

    /// Beyond it, whole seconds and their sums with a leeway are no longer exact.
    private static let secondsMax = 1e15
}
