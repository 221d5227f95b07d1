/// What one walk over the property section of a PUBLISH yields (3.3.2.3).
struct PublishProperties {
    var section = UnsafeRawBufferPointer(start: nil, count: 0)
    var forwarded = ForwardedProperties()
    var messageExpirySeconds: UInt32?
    var topicAlias: UInt16 = 0
    var payloadIsUTF8 = false

    /// No properties.
    init() {}

    /// Walks `section` once; `PropertyReader` is not used, because the places of the forwarded properties are noted
    /// on the way.
    ///
    /// - Parameters:
    ///   - section: the properties without their length.
    ///   - sender: who wrote them.
    init(_ section: UnsafeRawBufferPointer, sender: Sender) throws(DecodingError) {
        self.section = section
        var reader = FieldReader(section)
        var seen: UInt64 = 0
        var extent = 0..<0
        var forwardedBytes = 0

        while !reader.isAtEnd {
            let start = reader.offset
            let property = try Property(&reader)
            var isForwarded = false
            var isRepeatable = false
            switch property.identifier {
            case .payloadFormatIndicator:
                payloadIsUTF8 = property.flag
                isForwarded = true
            case .contentType, .correlationData:
                isForwarded = true
            case .responseTopic:
                // A response topic is a topic name [MQTT-3.3.2-13], [MQTT-3.3.2-14].
                guard !property.bytes.isEmpty else { throw DecodingError(.propertyValueInvalid) }
                try TopicName.validate(property.bytes)
                isForwarded = true
            case .userProperty:
                isForwarded = true
                isRepeatable = true
            case .messageExpiryInterval:
                messageExpirySeconds = property.integer
            case .topicAlias:
                guard property.integer != 0 else { throw DecodingError(.topicAliasZero) }
                topicAlias = UInt16(property.integer)
            case .subscriptionIdentifier:
                guard sender == .server else { throw DecodingError(.subscriptionIdentifierFromClient) }
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                isRepeatable = true
            case .sessionExpiryInterval, .assignedClientIdentifier, .serverKeepAlive, .authenticationMethod,
                .authenticationData, .requestProblemInformation, .willDelayInterval, .requestResponseInformation,
                .responseInformation, .serverReference, .reasonString, .receiveMaximum, .topicAliasMaximum,
                .maximumQoS, .retainAvailable, .maximumPacketSize, .wildcardSubscriptionAvailable,
                .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable:
                throw DecodingError(.propertyNotAllowed)
            }
            if !isRepeatable {
                let itself: UInt64 = 1 << UInt64(property.identifier.rawValue)
                guard seen & itself == 0 else { throw DecodingError(.propertyRepeated) }
                seen |= itself
            }
            if isForwarded {
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
