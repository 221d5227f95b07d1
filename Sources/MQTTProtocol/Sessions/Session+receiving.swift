extension Session {
    /// What a PUBLISH of QoS 2 means to the session.
    public enum ExactlyOnceAction: Hashable, Sendable {
        /// The message is new: publish it, and say `exactlyOnceStored` when its LSN is known.
        case publish
        /// The message was received before and not released: do not publish it again, but acknowledge it, once the
        /// journal is durable up to this LSN (0: at once) [MQTT-4.3.3-10].
        case acknowledgeAgain(durableLSN: UInt64)
        /// The client has too many messages unreleased: disconnect with 0x93.
        case limitExceeded
    }

    /// What PUBREL means.
    public enum PubrelAction: Hashable, Sendable {
        /// The message is released; send PUBCOMP.
        case sendPubcomp
        /// No such message; send PUBCOMP with 0x92 [MQTT-4.3.3-11], which below 5.0 is an ordinary PUBCOMP.
        case sendPubcompNotFound
    }

    /// Whether the session knows a message of QoS 2 already, which then does not count towards the receive maximum.
    public func isUnreleased(_ identifier: UInt16) -> Bool {
        unreleased.contains(identifier)
    }

    /// The client sends a message of QoS 2.
    ///
    /// The identifier alone tells whether it is new; the DUP flag says nothing about that (§4.3.3).
    public func exactlyOnceReceived(_ identifier: UInt16) -> ExactlyOnceAction {
        if let durableLSN = unreleased[identifier] { return .acknowledgeAgain(durableLSN: durableLSN) }
        guard unreleased.count < limits.unreleasedCountMax else { return .limitExceeded }
        unreleased.insert(identifier, 0)
        return .publish
    }

    /// A new message of QoS 2 is retained and will be durable with the journal's `durableLSN`.
    ///
    /// Kept with the session, so that a client that sends the message again on its next connection is not told that it
    /// is safe before it is.
    public func exactlyOnceStored(_ identifier: UInt16, durableLSN: UInt64) {
        guard let slot = unreleased.slot(of: identifier) else { return }
        unreleased[slot: slot] = durableLSN
    }

    /// A new message of QoS 2 was refused with a PUBREC of 0x80 or above, which ends its exchange [MQTT-4.3.3-9].
    public func exactlyOnceRefused(_ identifier: UInt16) {
        _ = unreleased.remove(identifier)
    }

    /// The client releases a message of QoS 2 [MQTT-4.3.3-11].
    public func pubrelReceived(_ identifier: UInt16) -> PubrelAction {
        guard unreleased.remove(identifier) != nil else { return .sendPubcompNotFound }
        if isRecorded { window.changes.append(.received(packetIdentifier: identifier)) }
        return .sendPubcomp
    }
}
