/// What is left of a message's life when it is about to be sent (MQTT 5.0 §3.3.2.3.3).
public enum MessageExpiry: Hashable, Sendable {
    /// The message never expires, and is sent without an expiry interval.
    case never
    /// The message is sent with this expiry interval, in seconds: what it came with, less the time it waited
    /// [MQTT-3.3.2-6].
    case remaining(seconds: UInt32)
    /// The message must not be sent any more [MQTT-3.3.2-5].
    case expired
}

extension Publication {
    /// What is left of the message's life.
    ///
    /// - Parameter unixSeconds: The time, in seconds since 1970.
    public func expiry(at unixSeconds: UInt64) -> MessageExpiry {
        let deadline = expiryUnixSeconds
        if deadline == 0 { return .never }
        if deadline <= unixSeconds { return .expired }
        return .remaining(seconds: UInt32(clamping: deadline - unixSeconds))
    }

    /// Whether the message must not be sent any more.
    public func isExpired(at unixSeconds: UInt64) -> Bool {
        let deadline = expiryUnixSeconds
        return deadline != 0 && deadline <= unixSeconds
    }
}
