import Authentication
import NIOHTTP1

/// What the request of a WebSocket client holds in place of a password, before anybody has looked into it.
enum PresentedToken {
    case token([UInt8])
    /// Several in one place: nobody knows which the client means, and which somebody else added.
    case ambiguous

    /// Looks for a token: first in the policy's headers, in their order, then in `Authorization: Bearer` (RFC 6750 §2.1), then in the cookie.
    ///
    /// - Returns: `nil` where there is none; a scheme other than Bearer is nobody's business here.
    init?(_ headers: HTTPHeaders, _ policy: TokenPolicy) {
        for name in policy.headers where headers.contains(name: name) {
            self = Self.only(headers[name])
            return
        }
        let bearers = headers["Authorization"].compactMap(Self.bearerToken)
        if !bearers.isEmpty {
            self = Self.only(bearers)
            return
        }
        guard let cookie = policy.cookie else { return nil }
        let values = headers["Cookie"].flatMap { Self.values(of: cookie, in: $0) }
        guard !values.isEmpty else { return nil }
        self = Self.only(values)
    }

    private static func only(_ values: [String]) -> PresentedToken {
        guard values.count == 1, let value = values.first else { return .ambiguous }
        return .token(Array(value.utf8))
    }

    /// What follows the scheme, whose case does not count (RFC 9110 §11.1).
    private static func bearerToken(_ value: String) -> String? {
        let scheme = "bearer "
        guard value.utf8.count > scheme.utf8.count, value.prefix(scheme.count).lowercased() == scheme else {
            return nil
        }
        return String(value.dropFirst(scheme.count).drop { $0 == " " })
    }

    /// The values of the cookies of one name, whose case counts (RFC 6265 §5.4).
    private static func values(of name: String, in header: String) -> [String] {
        header.split(separator: ";").compactMap { pair in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix(name + "=") else { return nil }
            return String(pair.dropFirst(name.count + 1))
        }
    }
}

extension PresentedToken: CustomStringConvertible {
    /// Never the token itself.
    var description: String {
        switch self {
        case .token: "a token"
        case .ambiguous: "several tokens"
        }
    }
}
