extension Will {
    /// Reads the will from the payload of CONNECT (3.1.3.2–3.1.3.4).
    ///
    /// - Parameters:
    ///   - reader: stands behind the client identifier.
    ///   - flags: the connect flags.
    ///   - version: the version that CONNECT states.
    init(_ reader: inout FieldReader, flags: ConnectFlags, version: ProtocolVersion) throws(DecodingError) {
        guard let qos = flags.willQoS else { throw DecodingError(.willFlagsInvalid) }
        var delaySeconds: UInt32 = 0
        var messageExpirySeconds: UInt32?
        var payloadIsUTF8 = false
        var forwarded = PropertySection()
        if version.hasProperties {
            var properties = PropertyReader(try reader.readPropertySection(), allowed: .will)
            while let property = try properties.next() {
                switch property.identifier {
                case .willDelayInterval: delaySeconds = property.integer
                case .messageExpiryInterval: messageExpirySeconds = property.integer
                case .payloadFormatIndicator:
                    payloadIsUTF8 = property.flag
                    forwarded.append(.payloadFormatIndicator, property.flag)
                case .responseTopic:
                    guard !property.bytes.isEmpty else { throw DecodingError(.propertyValueInvalid) }
                    try TopicName.validate(property.bytes)
                    forwarded.append(.responseTopic, Array(property.bytes))
                case .userProperty: forwarded.append([property.userProperty])
                default: forwarded.append(property.identifier, Array(property.bytes))
                }
            }
        }
        let topic = try TopicName(bytes: try reader.readBinary())
        let payload = try reader.readBinary()
        if payloadIsUTF8, !UTF8Validation.isWellFormed(payload) { throw DecodingError(.payloadFormatInvalid) }
        self.init(
            topic: topic,
            payload: Array(payload),
            qos: qos,
            isRetained: flags.contains(.willRetain),
            delaySeconds: delaySeconds,
            messageExpirySeconds: messageExpirySeconds,
            forwardedProperties: forwarded.bytes
        )
    }

    /// The properties of the will as CONNECT has them.
    var properties: PropertySection {
        var section = PropertySection()
        section.append(.willDelayInterval, delaySeconds == 0 ? nil : delaySeconds)
        section.append(.messageExpiryInterval, messageExpirySeconds)
        section.append(encoded: forwardedProperties)
        return section
    }
}
