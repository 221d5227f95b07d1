public import MQTTWire

/// What a message looks like to the session that gets it.
public enum DeliveryRules {
    /// At which quality of service a message is delivered: the lower of what it was published at and what the
    /// subscription was granted [MQTT-3.8.4-8].
    ///
    /// - Parameters:
    ///   - published: The publisher's.
    ///   - granted: The subscription's.
    ///   - isUpgraded: Whether the subscription's alone decides (`upgrade_outgoing_qos`).
    public static func qos(published: QoS, granted: QoS, isUpgraded: Bool = false) -> QoS {
        isUpgraded ? granted : min(published, granted)
    }

    /// The RETAIN flag of a message that goes to an existing subscription as it is published: clear, unless the
    /// subscription asks for it as published [MQTT-3.3.1-12], [MQTT-3.3.1-13].
    public static func isRetained(live published: Bool, isRetainAsPublished: Bool) -> Bool {
        published && isRetainAsPublished
    }
}
