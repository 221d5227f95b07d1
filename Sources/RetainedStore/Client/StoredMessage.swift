/// A retained message as a value of its own, for programs that do not count nanoseconds: ``StoreClient`` takes and gives
/// it. A broker uses ``MessageParts`` and ``RetainedView``, which copy nothing.
public struct StoredMessage: Hashable, Sendable {
    /// The topic name, 1…65,535 bytes of UTF-8, without wildcards.
    public var topic: String
    /// The application message; an empty one is a message like any other here, and clears nothing.
    public var payload: [UInt8]
    /// The properties that MQTT 5.0 forwards with a message, encoded as on the wire (5.0, 2.2.2) without their length.
    public var properties: [UInt8] = []
    /// The QoS that it was published with, 0…2.
    public var qos: UInt8 = 0
    /// The publisher's client identifier, at most 65,535 bytes.
    public var clientID = ""
    /// The publisher's user name, at most 65,535 bytes; empty for none.
    public var userName = ""
    /// The port of the listener that took it, 0 if there was none.
    public var listenerPort: UInt16 = 0
    /// When it was published, milliseconds since 1970.
    public var publishTimeMilliseconds: UInt64 = 0
    /// When it expires, seconds since 1970; 0: never.
    public var expirySeconds: UInt64 = 0
    /// Which value of its topic this is: higher is newer. Given by the store; what is set here counts for nothing.
    public internal(set) var version: UInt64 = 0

    public init(topic: String, payload: [UInt8]) {
        self.topic = topic
        self.payload = payload
    }

    init(_ view: RetainedView) {
        topic = String(decoding: view.topic, as: UTF8.self)
        payload = Array(view.payload)
        properties = Array(view.properties)
        qos = view.qos
        clientID = String(decoding: view.clientID, as: UTF8.self)
        userName = String(decoding: view.userName, as: UTF8.self)
        listenerPort = view.listenerPort
        publishTimeMilliseconds = view.publishTimeMilliseconds
        expirySeconds = view.expirySeconds
        version = view.version
    }

    /// Adds the message's bytes, as ``parts(in:from:)`` finds them.
    func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: topic.utf8)
        bytes.append(contentsOf: clientID.utf8)
        bytes.append(contentsOf: userName.utf8)
        bytes.append(contentsOf: properties)
        bytes.append(contentsOf: payload)
    }

    /// Views of the message's bytes, which begin at an offset; moves the offset behind them.
    func parts(in bytes: UnsafeRawBufferPointer, from offset: inout Int) -> MessageParts {
        func take(_ count: Int, _ offset: inout Int) -> UnsafeRawBufferPointer {
            defer { offset += count }
            return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        }
        return MessageParts(
            topic: take(topic.utf8.count, &offset),
            clientID: take(clientID.utf8.count, &offset),
            userName: take(userName.utf8.count, &offset),
            properties: take(properties.count, &offset),
            payload: take(payload.count, &offset),
            qos: qos,
            listenerPort: listenerPort,
            publishTimeMilliseconds: publishTimeMilliseconds,
            expiryTimeSeconds: expirySeconds
        )
    }
}
