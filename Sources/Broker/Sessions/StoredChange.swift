import MQTTProtocol
import MQTTWire

/// What is to be written down of a session, in order.
enum StoredChange {
    /// That there is the session, as it is now; with the will that its client has brought, and in place of the one before.
    case session(
        SessionRecordState.Session,
        clientID: [UInt8],
        userName: [UInt8],
        will: WillRecord?,
        replaced: StoredWill?
    )
    /// That a will is not to be published any more.
    case willRemoved(StoredWill)
    case subscribed(TopicFilter, Subscriber)
    case unsubscribed(TopicFilter)
    /// That nothing is left of a publication that was not written down to its end; whose session is 0.
    case unfinishedRemoved(UInt64)
    /// The protocol's part.
    case exchange(SessionChange)
    /// That the session is no more; what else there is of it goes afterwards.
    case ended
}
