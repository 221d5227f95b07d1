/// SUBACK (3.9 SUBACK – Subscribe acknowledgement).
public struct Suback: Sendable, Hashable {
    public var packetIdentifier: UInt16

    /// One for each subscription, in their order: a granted QoS or a failure.
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
