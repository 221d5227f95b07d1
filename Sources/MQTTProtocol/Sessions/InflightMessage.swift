import MQTTWire

/// A message of QoS 1 or 2 that was sent to the client and is not finished.
struct InflightMessage {
    /// What the client has yet to say.
    enum Stage {
        /// QoS 1, PUBLISH sent. → finished by PUBACK.
        case awaitingPuback(Delivery)
        /// QoS 2, PUBLISH sent. → `awaitingPubcomp` by PUBREC, → finished by PUBREC with an error.
        case awaitingPubrec(Delivery)
        /// QoS 2, PUBREL sent; the message itself is no longer needed [MQTT-4.3.3-3]. → finished by PUBCOMP.
        case awaitingPubcomp
    }

    var stage: Stage
    /// Orders the messages by when they were first sent, which is the order in which they are sent again [MQTT-4.6.0-1].
    let sequence: UInt64
    /// Whether it is a retained message for a new subscription.
    let isRetainedDelivery: Bool
    /// Whether it was sent on the present connection, and so occupies a place in its window.
    var isOnConnection = true

    init(_ delivery: Delivery, sequence: UInt64, isRetainedDelivery: Bool) {
        stage = delivery.qos == .exactlyOnce ? .awaitingPubrec(delivery) : .awaitingPuback(delivery)
        self.sequence = sequence
        self.isRetainedDelivery = isRetainedDelivery
    }

    /// The message, while it may have to be sent again.
    var delivery: Delivery? {
        switch stage {
        case .awaitingPuback(let delivery), .awaitingPubrec(let delivery): delivery
        case .awaitingPubcomp: nil
        }
    }
}
