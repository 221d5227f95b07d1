public import MQTTWire

/// A PUBLISH as a client received it.
public struct ReceivedMessage: Sendable, Equatable {
    public let topic: String
    public let payload: [UInt8]
    public let qos: QoS
    public let isRetained: Bool
    public let isDuplicate: Bool
    /// 0 at QoS 0.
    public let packetIdentifier: UInt16
    public let messageExpirySeconds: UInt32?
    public let subscriptionIdentifiers: [UInt32]
    public let userProperties: [UserProperty]

    /// The payload, where it is text.
    public var text: String { String(decoding: payload, as: UTF8.self) }

    init(_ publish: PublishView) {
        topic = String(decoding: publish.topic, as: UTF8.self)
        payload = Array(publish.payload)
        qos = publish.qos
        isRetained = publish.isRetained
        isDuplicate = publish.isDuplicate
        packetIdentifier = publish.packetIdentifier
        messageExpirySeconds = publish.messageExpirySeconds
        subscriptionIdentifiers = publish.subscriptionIdentifiers
        userProperties = publish.forwardedProperties.userProperties
    }
}
