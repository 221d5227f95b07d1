/// UNSUBSCRIBE (3.10 UNSUBSCRIBE – Unsubscribe request).
public struct Unsubscribe: Sendable, Hashable {
    public var packetIdentifier: UInt16

    /// At least one.
    public var filters: [TopicFilter]

    public var userProperties: [UserProperty]

    public init(packetIdentifier: UInt16, filters: [TopicFilter], userProperties: [UserProperty] = []) {
        self.packetIdentifier = packetIdentifier
        self.filters = filters
        self.userProperties = userProperties
    }
}
