public import MQTTWire

extension Session {
    /// What PUBACK or PUBCOMP means.
    public enum CompletionAction: Hashable, Sendable {
        /// The message is finished: see what `nextToSend` and `retainedRoom` have now.
        case completed
        /// No such message is under way; nothing follows.
        case unknown
        /// The identifier belongs to a message at another stage: disconnect with 0x82.
        case protocolError
    }

    /// What PUBREC means.
    public enum PubrecAction: Hashable, Sendable {
        /// Send PUBREL with this reason code: success, or 0x92 where no such message is under way.
        case sendPubrel(ReasonCode)
        /// The client refuses the message [MQTT-4.3.3-4]; it is finished, as after PUBCOMP.
        case completed
        /// The identifier belongs to a message of QoS 1: disconnect with 0x82.
        case protocolError
    }

    /// The client acknowledges a message of QoS 1.
    public func pubackReceived(_ identifier: UInt16) -> CompletionAction {
        window.complete(identifier, at: .awaitingPuback)
    }

    /// The client has received a message of QoS 2.
    ///
    /// - Parameters:
    ///   - identifier: The packet identifier.
    ///   - reasonCode: Success, or 0x80 and above if the client refuses it.
    public func pubrecReceived(_ identifier: UInt16, reasonCode: ReasonCode = .success) -> PubrecAction {
        window.receive(identifier, reasonCode)
    }

    /// The client is done with a message of QoS 2.
    public func pubcompReceived(_ identifier: UInt16) -> CompletionAction {
        window.complete(identifier, at: .awaitingPubcomp)
    }
}
