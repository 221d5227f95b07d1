/// One PUBACK or PUBREC that is owed to a publisher.
///
/// Four bytes, so that a queue of them is dense and handing one out costs nothing.
public struct PendingAcknowledgement: Hashable, Sendable {
    /// Which packet is owed.
    public enum Kind: UInt8, Hashable, Sendable {
        /// A PUBACK, for a PUBLISH of QoS 1.
        case puback
        /// A PUBREC, for a PUBLISH of QoS 2.
        case pubrec
    }

    /// Which packet is owed.
    public let kind: Kind
    /// The reason code of MQTT 5.0, as its byte; earlier versions have none and leave it out.
    public let reasonCode: UInt8
    /// The packet identifier of the PUBLISH that is acknowledged.
    public let packetIdentifier: UInt16

    /// Creates an acknowledgement.
    public init(_ kind: Kind, packetIdentifier: UInt16, reasonCode: UInt8 = 0) {
        self.kind = kind
        self.reasonCode = reasonCode
        self.packetIdentifier = packetIdentifier
    }
}
