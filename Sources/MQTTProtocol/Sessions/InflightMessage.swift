import MQTTWire

/// A message of QoS 1 or 2 that was sent to the client and is not finished.
struct InflightMessage {
    /// What the client has yet to say.
    enum Stage {
        /// QoS 1, PUBLISH sent. → finished by PUBACK.
        case awaitingPuback
        /// QoS 2, PUBLISH sent. → `awaitingPubcomp` by PUBREC, → finished by PUBREC with an error.
        case awaitingPubrec
        /// QoS 2, PUBREL sent. → finished by PUBCOMP.
        case awaitingPubcomp
    }

    private(set) var stage: Stage
    /// The message, while it may have to be sent again: until PUBREC [MQTT-4.3.3-3].
    private(set) var delivery: Delivery?
    /// Orders the messages by when they were first sent, which is the order in which they are sent again [MQTT-4.6.0-1].
    let sequence: UInt64
    /// Whether it is a retained message for a new subscription.
    let isRetainedDelivery: Bool
    /// Whether it was sent on the present connection, and so occupies a place in its window.
    var isOnConnection = true

    init(_ delivery: Delivery, sequence: UInt64, isRetainedDelivery: Bool) {
        stage = delivery.qos == .exactlyOnce ? .awaitingPubrec : .awaitingPuback
        self.delivery = delivery
        self.sequence = sequence
        self.isRetainedDelivery = isRetainedDelivery
    }

    /// A message that the client received before the broker was started anew.
    init(releasedWith sequence: UInt64) {
        stage = .awaitingPubcomp
        delivery = nil
        self.sequence = sequence
        isRetainedDelivery = false
    }

    /// Whether it may take only a place of the window itself, and none that acknowledgements have earned.
    var isBound: Bool { stage != .awaitingPuback || delivery?.isShared == true }

    /// The same of a message before it is sent.
    static func isBound(_ delivery: Delivery) -> Bool { delivery.qos == .exactlyOnce || delivery.isShared }

    /// The payload bytes that are kept for the message.
    var payloadBytes: Int { delivery?.publication.payloadBytes ?? 0 }

    /// PUBREC arrived: only the identifier is kept.
    mutating func received() {
        stage = .awaitingPubcomp
        delivery = nil
    }
}
