extension PublishView {
    /// Reads and validates a PUBLISH.
    ///
    /// - Parameters:
    ///   - frame: a frame of type PUBLISH.
    ///   - version: the connection's version.
    ///   - sender: who wrote it; only a server may send subscription identifiers [MQTT-3.3.4-6].
    /// - Throws: `qosInvalid`, `duplicateAtMostOnce`, `packetIdentifierZero`, everything about the topic, the
    ///   properties and the payload format, and `fieldTruncated`.
    public init(_ frame: Frame, version: ProtocolVersion, sender: Sender = .client) throws(DecodingError) {
        precondition(frame.type == .publish, "not a PUBLISH")
        guard let qos = QoS(rawValue: frame.flags >> 1 & 0x03) else { throw DecodingError(.qosInvalid) }
        let isDuplicate = frame.flags & 0x08 != 0
        guard qos != .atMostOnce || !isDuplicate else { throw DecodingError(.duplicateAtMostOnce) }

        var reader = FieldReader(frame.body)
        let topic = try reader.readBinary()
        let packetIdentifier = qos == .atMostOnce ? 0 : try reader.readPacketIdentifier()
        var properties = PublishProperties()
        if version.hasProperties {
            let section = try reader.readPropertySection()
            if !section.isEmpty { properties = try PublishProperties(section, sender: sender) }
        }
        if !topic.isEmpty || properties.topicAlias == 0 {
            try TopicName.validate(topic)
        }
        let payload = reader.readRemainder()
        if properties.payloadIsUTF8, !UTF8Validation.isWellFormed(payload) {
            throw DecodingError(.payloadFormatInvalid)
        }

        self.init(
            topic: topic,
            payload: payload,
            forwardedProperties: properties.forwarded,
            propertySection: properties.section,
            messageExpirySeconds: properties.messageExpirySeconds,
            packetIdentifier: packetIdentifier,
            topicAlias: properties.topicAlias,
            qos: qos,
            isRetained: frame.flags & 0x01 != 0,
            isDuplicate: isDuplicate
        )
    }

    /// The identifiers of the subscriptions that the message matched, in a PUBLISH of a server (3.3.2.3.8).
    public var subscriptionIdentifiers: [UInt32] {
        var identifiers: [UInt32] = []
        var reader = FieldReader(propertySection)
        while !reader.isAtEnd, let property = try? Property(&reader) {
            if property.identifier == .subscriptionIdentifier { identifiers.append(property.integer) }
        }
        return identifiers
    }
}
