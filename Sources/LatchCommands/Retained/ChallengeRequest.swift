import FoundationEssentials

/// Asks for something that only who has the store's key can answer; on the admin socket, `challenge`.
struct ChallengeRequest: Codable, Sendable {
    static let name = "challenge"

    var verb = name

    struct Report: VerbReport {
        /// 32 bytes, in base64 on the socket; good for one ``RetainedRequest`` on the same connection.
        var challenge: Data

        var text: String { challenge.base64EncodedString() }
    }
}
