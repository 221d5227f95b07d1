public import MQTTWire

/// One message on its way to one session: what `Publication` leaves open.
public struct Delivery: Sendable {
    /// The message.
    public let publication: Publication
    /// The subscription identifiers to be sent along.
    public let identifiers: SubscriptionIdentifiers
    /// The packet identifier; 0 at QoS 0, and as long as the message waits.
    public internal(set) var packetIdentifier: UInt16
    /// At which quality of service it is sent.
    public let qos: QoS
    /// The RETAIN flag with which it is sent.
    public let isRetained: Bool
    /// Whether it is the session's share of a shared subscription: if the session ends first, it is another's.
    public let isShared: Bool
    /// Whether it may have been sent before [MQTT-3.3.1-1].
    public internal(set) var isDuplicate: Bool

    init(
        _ publication: Publication,
        qos: QoS,
        isRetained: Bool,
        isShared: Bool = false,
        identifiers: SubscriptionIdentifiers
    ) {
        self.publication = publication
        self.identifiers = identifiers
        self.packetIdentifier = 0
        self.qos = qos
        self.isRetained = isRetained
        self.isShared = isShared
        self.isDuplicate = false
    }

    /// A message that has just been published, to a session that matches it.
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - match: What the session's subscriptions ask for.
    ///   - isUpgraded: `ProtocolLimits.isOutgoingQoSUpgraded`.
    public init(live publication: Publication, to match: Match, isUpgraded: Bool = false) {
        self.init(
            publication,
            qos: DeliveryRules.qos(
                published: publication.qos,
                granted: match.maximumQoS,
                isUpgraded: isUpgraded
            ),
            isRetained: DeliveryRules.isRetained(
                live: publication.isRetained,
                isRetainAsPublished: match.isRetainAsPublished
            ),
            isShared: match.isShared,
            identifiers: match.identifiers
        )
    }

    /// A retained message, to a session with a new subscription: with the RETAIN flag [MQTT-3.3.1-8].
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - subscriber: The new subscription.
    ///   - isUpgraded: `ProtocolLimits.isOutgoingQoSUpgraded`.
    public init(retained publication: Publication, to subscriber: Subscriber, isUpgraded: Bool = false) {
        self.init(
            publication,
            qos: DeliveryRules.qos(
                published: publication.qos,
                granted: subscriber.maximumQoS,
                isUpgraded: isUpgraded
            ),
            isRetained: true,
            identifiers: SubscriptionIdentifiers(subscriber.identifier)
        )
    }
}
