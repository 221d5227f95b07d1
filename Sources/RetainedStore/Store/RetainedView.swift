/// A retained message, opened, for as long as the callback that receives it.
///
/// Everything points into the reader's own memory, which the next message overwrites: copy what is to be kept. A plain
/// value without references, so that passing it on costs nothing per message.
public struct RetainedView {
    /// The topic, UTF-8.
    public var topic: UnsafeRawBufferPointer
    /// The payload.
    public var payload: UnsafeRawBufferPointer
    /// The forwarded properties, encoded as on the wire (5.0, 2.2.2) without their length.
    public var properties: UnsafeRawBufferPointer
    /// The publisher's client id, UTF-8.
    public var clientID: UnsafeRawBufferPointer
    /// The publisher's user name, UTF-8; empty for none.
    public var userName: UnsafeRawBufferPointer
    /// The QoS that it was published with, 0…2.
    public var qos: UInt8
    /// The port of the listener that took it, 0 if there was none.
    public var listenerPort: UInt16
    /// When it was published, milliseconds since 1970.
    public var publishTimeMilliseconds: UInt64
    /// When it expires, seconds since 1970; 0: never.
    public var expirySeconds: UInt64
    /// Which value of the topic this is: higher is newer.
    public var version: UInt64

    init(_ parts: MessageParts, version: UInt64) {
        topic = parts.topic
        payload = parts.payload
        properties = parts.properties
        clientID = parts.clientID
        userName = parts.userName
        qos = parts.qos
        listenerPort = parts.listenerPort
        publishTimeMilliseconds = parts.publishTimeMilliseconds
        expirySeconds = parts.expiryTimeSeconds
        self.version = version
    }
}
