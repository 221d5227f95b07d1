/// UNSUBACK (3.11 UNSUBACK – Unsubscribe acknowledgement).
public struct Unsuback: Sendable, Hashable {
    public var packetIdentifier: UInt16

    /// One for each filter, in their order; not sent, and so empty when read, below 5.0.
    public var reasonCodes: [ReasonCode]

    public var reasonString: UTF8String?
    public var userProperties: [UserProperty]

    public init(
        packetIdentifier: UInt16,
        reasonCodes: [ReasonCode],
        reasonString: UTF8String? = nil,
        userProperties: [UserProperty] = []
    ) {
        self.packetIdentifier = packetIdentifier
        self.reasonCodes = reasonCodes
        self.reasonString = reasonString
        self.userProperties = userProperties
    }
}
