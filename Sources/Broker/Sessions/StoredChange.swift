import MQTTProtocol
import MQTTWire

/// What is to be written down of a session, in order.
enum StoredChange {
    /// That there is the session, as it is now.
    case session(SessionRecordState.Session, clientID: [UInt8], userName: [UInt8])
    case subscribed(TopicFilter, Subscriber)
    case unsubscribed(TopicFilter)
    /// The protocol's part.
    case exchange(SessionChange)
    /// That the session is no more; what else there is of it goes afterwards.
    case ended
}
