/// What one walk over the property section of a PUBLISH yields (3.3.2.3).
struct PublishProperties {
    var section = UnsafeRawBufferPointer(start: nil, count: 0)
    var forwarded = ForwardedProperties()
    var messageExpirySeconds: UInt32?
    var topicAlias: UInt16 = 0
    var payloadIsUTF8 = false

    /// No properties.
    init() {}

    /// - Parameters:
    ///   - section: the properties without their length.
    ///   - sender: who wrote them.
    init(_ section: UnsafeRawBufferPointer, sender: Sender) throws(DecodingError) {
        self.section = section
        var reader = FieldReader(section)
        var seen: PropertySet = []
        var extent = 0..<0
        var forwardedBytes = 0

        while !reader.isAtEnd {
            let start = reader.offset
            let property = try Property(&reader)
            let itself = PropertySet(property.identifier)
            switch property.identifier {
            case .payloadFormatIndicator:
                payloadIsUTF8 = property.flag
            case .messageExpiryInterval:
                messageExpirySeconds = property.integer
            case .responseTopic:
                // A response topic is a topic name [MQTT-3.3.2-13], [MQTT-3.3.2-14].
                guard !property.bytes.isEmpty else { throw DecodingError(.propertyValueInvalid) }
                try TopicName.validate(property.bytes)
            case .topicAlias:
                guard property.integer != 0 else { throw DecodingError(.topicAliasZero) }
                topicAlias = UInt16(property.integer)
            case .subscriptionIdentifier:
                guard sender == .server else { throw DecodingError(.subscriptionIdentifierFromClient) }
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                continue
            case .contentType, .correlationData, .userProperty:
                break
            case .sessionExpiryInterval, .assignedClientIdentifier, .serverKeepAlive, .authenticationMethod,
                .authenticationData, .requestProblemInformation, .willDelayInterval, .requestResponseInformation,
                .responseInformation, .serverReference, .reasonString, .receiveMaximum, .topicAliasMaximum,
                .maximumQoS, .retainAvailable, .maximumPacketSize, .wildcardSubscriptionAvailable,
                .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable:
                throw DecodingError(.propertyNotAllowed)
            }
            if property.identifier != .userProperty {
                guard seen.isDisjoint(with: itself) else { throw DecodingError(.propertyRepeated) }
                seen.formUnion(itself)
            }
            if ForwardedProperties.identifiers.contains(itself) {
                extent = (forwardedBytes == 0 ? start : extent.lowerBound)..<reader.offset
                forwardedBytes += reader.offset - start
            }
        }
        forwarded = ForwardedProperties(
            extent: UnsafeRawBufferPointer(rebasing: section[extent]),
            byteCount: forwardedBytes
        )
    }
}
