public import MQTTWire

extension ConnectionMachine {
    /// What PUBLISH means, before access is asked.
    public enum PublishAction {
        /// Publish on this topic, its alias resolved. The bytes are the packet's or the alias table's.
        case publish(topic: UnsafeRawBufferPointer)
        /// End the connection with this reason.
        case fail(ReasonCode)
        case ignore
    }

    /// Whether this PUBLISH would give an alias another topic: finish what may still use the old one first.
    public func replacesAlias(_ publish: PublishView) -> Bool {
        guard publish.topicAlias != 0, !publish.topic.isEmpty, aliases.allows(publish.topicAlias),
            let topic = aliases.topic(of: publish.topicAlias)
        else { return false }
        return !topic.elementsEqual(publish.topic)
    }

    /// A PUBLISH arrived (MQTT 5.0 §3.3).
    ///
    /// - Parameter isDuplicateDelivery: whether the session knows a QoS 2 packet identifier already: it counts once.
    public mutating func publishReceived(_ publish: PublishView, isDuplicateDelivery: Bool = false) -> PublishAction {
        guard state == .connected else { return unexpected() ? .fail(.protocolError) : .ignore }
        if let fault = fault(of: publish) {
            state = .closed
            return .fail(fault)
        }
        if publish.qos != .atMostOnce, !isDuplicateDelivery {
            unacknowledgedCount += 1
            // [MQTT-3.3.4-7], of 5.0 only: 3.1.1 knows no such promise.
            if version == .v50, unacknowledgedCount > Int(receiveMaximum) {
                state = .closed
                return .fail(.receiveMaximumExceeded)
            }
        }
        guard publish.topicAlias != 0 else { return .publish(topic: publish.topic) }
        if !publish.topic.isEmpty { aliases.set(publish.topicAlias, to: publish.topic) }
        guard let topic = aliases.topic(of: publish.topicAlias) else {
            state = .closed
            return .fail(.protocolError)
        }
        return .publish(topic: topic)
    }

    /// The topic that a PUBLISH means, without acting on it; `nil` where it names an alias that has none.
    public func topic(of publish: PublishView) -> UnsafeRawBufferPointer? {
        guard publish.topicAlias != 0, publish.topic.isEmpty else { return publish.topic }
        return aliases.allows(publish.topicAlias) ? aliases.topic(of: publish.topicAlias) : nil
    }

    /// PUBACKs, PUBCOMPs, or PUBRECs with an error are on their way: the client may publish as many more (MQTT 5.0 §4.9).
    public mutating func publishesAcknowledged(_ count: Int) {
        // A resumed session finishes messages of its last connection, too, which do not count on this one (§4.9).
        unacknowledgedCount = max(0, unacknowledgedCount - count)
    }

    private func fault(of publish: PublishView) -> ReasonCode? {
        if publish.qos.rawValue > limits.qosMax { return .qosNotSupported }
        if publish.isRetained, !limits.isRetainAvailable { return .retainNotSupported }
        if publish.topicAlias != 0, !aliases.allows(publish.topicAlias) { return .topicAliasInvalid }
        return nil
    }
}
