/// PUBACK, PUBREC, PUBREL or PUBCOMP (3.4–3.7): all four have the same fields.
///
/// Trivial. Reason string and user properties are validated and passed over: they are diagnostics of the peer.
@frozen
public struct Acknowledgement: Sendable, Hashable {
    public let kind: Kind
    public let packetIdentifier: UInt16

    /// `success` below 5.0, where there is no reason code.
    public let reasonCode: ReasonCode

    @inlinable
    public init(_ kind: Kind, packetIdentifier: UInt16, reasonCode: ReasonCode = .success) {
        self.kind = kind
        self.packetIdentifier = packetIdentifier
        self.reasonCode = reasonCode
    }

    /// Which of the four; the raw value is that of `PacketType`.
    @frozen
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case puback = 4
        case pubrec = 5
        case pubrel = 6
        case pubcomp = 7
    }
}
