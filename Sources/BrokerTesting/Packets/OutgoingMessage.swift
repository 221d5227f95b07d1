public import MQTTWire
public import NIOCore

/// A PUBLISH that a test sends.
public struct OutgoingMessage: Sendable {
    public var topic: String
    public var payload: [UInt8]
    public var qos = QoS.atMostOnce
    public var isRetained = false
    public var isDuplicate = false
    /// 0 for the client's next.
    public var packetIdentifier: UInt16 = 0
    public var topicAlias: UInt16 = 0
    public var messageExpirySeconds: UInt32?
    /// Encoded as in the packet, without a length.
    public var forwardedProperties: [UInt8] = []

    public init(_ topic: String, _ payload: some Sequence<UInt8>, _ qos: QoS = .atMostOnce, isRetained: Bool = false) {
        self.topic = topic
        self.payload = Array(payload)
        self.qos = qos
        self.isRetained = isRetained
    }

    public init(_ topic: String, _ text: String, _ qos: QoS = .atMostOnce, isRetained: Bool = false) {
        self.init(topic, text.utf8, qos, isRetained: isRetained)
    }

    /// Writes the packet.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        Array(topic.utf8).withUnsafeBytes { topic in
            payload.withUnsafeBytes { payload in
                forwardedProperties.withUnsafeBytes { properties in
                    OutboundPublish(
                        topic: topic,
                        payload: payload,
                        qos: qos,
                        packetIdentifier: packetIdentifier,
                        isRetained: isRetained,
                        isDuplicate: isDuplicate,
                        topicAlias: topicAlias,
                        messageExpirySeconds: messageExpirySeconds,
                        forwardedProperties: properties
                    ).write(to: &buffer, version: version)
                }
            }
        }
    }
}
