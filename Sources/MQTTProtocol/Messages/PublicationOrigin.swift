/// Who publishes on a connection: the same for all its messages, so it is made once.
///
/// It travels with a retained message and is stored with it, because with `check_retain_source` a delivery asks whether
/// the publisher may (still) write to the topic.
public struct PublicationOrigin: Hashable, Sendable {
    /// The client identifier.
    public let clientID: [UInt8]
    /// The user name; nil if the client gave none.
    public let userName: [UInt8]?
    /// The port of the listener through which it is connected; 0 if it is not connected through any.
    public let listenerPort: UInt16

    /// Creates an origin; without arguments, that of messages of the broker itself.
    public init(clientID: [UInt8] = [], userName: [UInt8]? = nil, listenerPort: UInt16 = 0) {
        precondition(clientID.count <= 65_535 && (userName?.count ?? 0) <= 65_535, "longer than an MQTT string")
        self.clientID = clientID
        self.userName = userName
        self.listenerPort = listenerPort
    }
}
