import FoundationEssentials

/// What can be asked of a process that has a store open, about its messages; on the admin socket, `retained`.
///
/// Messages are in clear in the answer, so it is given only to who shows that he has the store's key: by `proof`, the answer to the
/// challenge that the same connection asked for just before.
struct RetainedRequest: Codable, Sendable {
    static let name = "retained"

    /// What is wanted of each message.
    enum Action: String, Codable, Sendable {
        case count, list, get, remove
    }

    var verb = name
    var action: Action
    /// A topic filter.
    var filter: String
    /// 16 bytes, in base64 on the socket.
    var proof: Data

    /// What comes behind the items.
    struct Report: VerbReport {
        /// Messages that the filter matched.
        var count: Int

        var text: String { "\(count)" }
    }
}
