/// A retained message as the files of other brokers hold it: a plain value, with everything that survives a move.
public struct RetainedMessage: Sendable, Equatable {
    /// The topic name, as the file has it; nothing has checked it.
    public var topic: [UInt8]
    /// The application message; a retained message has at least one byte.
    public var payload: [UInt8]
    /// The properties that MQTT 5.0 forwards, encoded as on the wire (5.0, 2.2.2) without their length.
    public var properties: [UInt8]
    /// The QoS that it was published with.
    public var qos: UInt8
    /// When it expires, seconds since 1970; 0: never.
    public var expirySeconds: UInt64
    /// The publisher's client identifier; empty where nothing is known of it.
    public var clientID: [UInt8]
    /// The publisher's user name; empty for none.
    public var userName: [UInt8]
    /// The port of the listener that took it; 0 if there was none.
    public var listenerPort: UInt16
    /// When it was published, milliseconds since 1970; 0 where the source does not say.
    public var publishTimeMilliseconds: UInt64

    public init(
        topic: [UInt8],
        payload: [UInt8],
        properties: [UInt8] = [],
        qos: UInt8 = 0,
        expirySeconds: UInt64 = 0,
        clientID: [UInt8] = [],
        userName: [UInt8] = [],
        listenerPort: UInt16 = 0,
        publishTimeMilliseconds: UInt64 = 0
    ) {
        self.topic = topic
        self.payload = payload
        self.properties = properties
        self.qos = qos
        self.expirySeconds = expirySeconds
        self.clientID = clientID
        self.userName = userName
        self.listenerPort = listenerPort
        self.publishTimeMilliseconds = publishTimeMilliseconds
    }

    /// Whether it has expired by a time in seconds since 1970.
    public func isExpired(at nowSeconds: UInt64) -> Bool {
        expirySeconds != 0 && expirySeconds <= nowSeconds
    }
}
