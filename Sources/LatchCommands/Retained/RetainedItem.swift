/// One message in the answer to a ``RetainedRequest``, as much of it as was asked for.
struct RetainedItem: Codable {
    /// `list`: everything but what it says.
    var line: RetainedLine?
    /// `get`: everything.
    var message: MessageRecord?
    /// `remove`: which topic was cleared.
    var topic: String?
}
