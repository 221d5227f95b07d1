/// A retained message as views of memory that somebody else owns: what is sealed, and what comes out of opening.
///
/// The pointers are valid as long as that memory is: for a message to be stored, within the call that stores it; for one
/// that was read, within the call that hands it out. Nothing is copied, so that a message costs no allocation.
public struct MessageParts {
    /// The topic name, 1…65,535 bytes of UTF-8.
    public var topic: UnsafeRawBufferPointer
    /// The publisher's client identifier, at most 65,535 bytes.
    public var clientID: UnsafeRawBufferPointer
    /// The publisher's user name, at most 65,535 bytes; empty for none.
    public var userName: UnsafeRawBufferPointer
    /// The properties that MQTT 5.0 forwards with a message, encoded as on the wire (5.0, 2.2.2) without their length.
    public var properties: UnsafeRawBufferPointer
    /// The application message.
    public var payload: UnsafeRawBufferPointer
    /// The QoS that it was published with, 0…2.
    public var qos: UInt8
    /// The port of the listener that took it, 0 if there was none.
    public var listenerPort: UInt16
    /// When it was published, in milliseconds since 1970.
    public var publishTimeMilliseconds: UInt64
    /// When it expires, in seconds since 1970; 0: never.
    public var expiryTimeSeconds: UInt64

    public init(
        topic: UnsafeRawBufferPointer,
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer,
        properties: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer,
        qos: UInt8,
        listenerPort: UInt16,
        publishTimeMilliseconds: UInt64,
        expiryTimeSeconds: UInt64
    ) {
        self.topic = topic
        self.clientID = clientID
        self.userName = userName
        self.properties = properties
        self.payload = payload
        self.qos = qos
        self.listenerPort = listenerPort
        self.publishTimeMilliseconds = publishTimeMilliseconds
        self.expiryTimeSeconds = expiryTimeSeconds
    }
}
