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
    /// What it is known by where its session is written down; 0 if nothing is written down of it.
    public internal(set) var recordNumber: UInt64

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
        recordNumber = 0
    }

    /// A message that was written down for a session, as it was then.
    public init(
        restored publication: Publication,
        recordNumber: UInt64,
        qos: QoS,
        isRetained: Bool,
        isShared: Bool,
        identifiers: SubscriptionIdentifiers
    ) {
        self.init(publication, qos: qos, isRetained: isRetained, isShared: isShared, identifiers: identifiers)
        self.recordNumber = recordNumber
    }

    /// A message that has just been published, to a session that matches it.
    ///
    /// - Parameters:
    ///   - publication: The message.
    ///   - match: What the session's subscriptions ask for.
    ///   - isUpgraded: `ProtocolLimits.isOutgoingQoSUpgraded`.
    ///   - recordNumber: What it was written down under; 0 for nothing.
    public init(
        live publication: Publication,
        to match: Match,
        isUpgraded: Bool = false,
        recordNumber: UInt64 = 0
    ) {
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
        self.recordNumber = recordNumber
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
