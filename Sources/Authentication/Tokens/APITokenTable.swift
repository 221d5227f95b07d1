/// The API tokens of a file.
///
/// A token is found by its digest, so that the time of a search tells nothing about the tokens there are.
public struct APITokenTable: Sendable {
    private let users: [APITokenDigest: TokenIdentity]

    /// - Parameter tokens: a user may have several.
    public init(_ tokens: [(user: TokenIdentity, digest: APITokenDigest)]) {
        users = Dictionary(tokens.map { ($0.digest, $0.user) }) { first, _ in first }
    }

    /// How many tokens there are.
    public var count: Int { users.count }

    func verify(_ token: [UInt8]) -> TokenVerdict {
        users[APITokenDigest(of: token)].map { .accepted($0) } ?? .refused(.unknown)
    }
}
