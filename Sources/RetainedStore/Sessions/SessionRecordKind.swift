/// What a record of a session says.
public enum SessionRecordKind: UInt8, Sendable {
    /// That there is the session, and for how long. Its number is 0, its name the client identifier.
    case session = 1
    /// A subscription. Its number is 0, its name the topic filter.
    case subscription = 2
    /// A message of QoS 1 or 2 that waits for the client or is under way to it. Its name is the topic.
    case message = 3
    /// A packet identifier under way to the client, which is its number. Its name is empty.
    case outgoing = 4
    /// The packet identifier of a message of QoS 2 that the client has sent and not released, which is its number. Its name
    /// is empty.
    case incoming = 5
    /// The will of a client that is connected, or has gone less than its delay interval ago. Its name is the topic.
    case will = 6
    /// That a publication for many sessions is being written down in several groups: its messages are those with its number and
    /// the ones that follow, and are nobody's while it is there. Its session is 0, its name is empty.
    case unfinished = 7

    /// Whether records of the kind have a name.
    var isNamed: Bool {
        switch self {
        case .session, .subscription, .message, .will: true
        case .outgoing, .incoming, .unfinished: false
        }
    }

    /// Whether the name is a topic, of which a record of the kind has what was or will be published: it belongs to the
    /// topic's namespace.
    var isOfTopic: Bool {
        switch self {
        case .message, .will: true
        case .session, .subscription, .outgoing, .incoming, .unfinished: false
        }
    }
}
