import MQTTWire

/// What names the record of a will in its session.
struct StoredWill {
    /// Its own, like a message's: what removes one will cannot remove the next.
    let number: UInt64
    let topic: TopicName
}
