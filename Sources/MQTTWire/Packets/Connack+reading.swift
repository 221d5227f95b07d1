extension Connack {
    /// Reads and validates a CONNACK, as a client.
    ///
    /// - Parameters:
    ///   - frame: a frame of type CONNACK.
    ///   - version: what CONNECT stated; a return code of 3.1 and 3.1.1 is given as the reason code that says the same.
    /// - Throws: `flagsReserved`, also for a session where the connection is refused [MQTT-3.2.2-6]; `reasonCodeUnknown`, everything about properties, `fieldTruncated`, `bytesLeftOver`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        precondition(frame.type == .connack, "not a CONNACK")
        var reader = FieldReader(frame.body)
        let flags = try reader.readUInt8()
        // In 3.1 this byte is not used.
        guard flags <= 1 || version == .v31 else { throw DecodingError(.flagsReserved) }
        let code = try reader.readUInt8()
        if version.hasProperties {
            self.init(reasonCode: ReasonCode(rawValue: code), isSessionPresent: flags == 1)
            try readProperties(try reader.readPropertySection())
        } else {
            guard let returnCode = ConnectReturnCode(rawValue: code) else { throw DecodingError(.reasonCodeUnknown) }
            self.init(reasonCode: returnCode.reasonCode, isSessionPresent: version == .v311 && flags == 1)
        }
        guard !isSessionPresent || reasonCode == .success else { throw DecodingError(.flagsReserved) }
        try reader.expectEnd()
    }

    private mutating func readProperties(_ section: UnsafeRawBufferPointer) throws(DecodingError) {
        var properties = PropertyReader(section, allowed: .connack)
        while let property = try properties.next() {
            switch property.identifier {
            case .sessionExpiryInterval: sessionExpirySeconds = property.integer
            case .receiveMaximum:
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                receiveMaximum = UInt16(property.integer)
            case .maximumQoS: maximumQoS = property.flag ? .atLeastOnce : .atMostOnce
            case .retainAvailable: isRetainAvailable = property.flag
            case .maximumPacketSize:
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                maximumPacketBytes = property.integer
            case .assignedClientIdentifier: assignedClientIdentifier = property.text
            case .topicAliasMaximum: topicAliasMaximum = UInt16(property.integer)
            case .reasonString: reasonString = property.text
            case .userProperty: userProperties.append(property.userProperty)
            case .wildcardSubscriptionAvailable: isWildcardSubscriptionAvailable = property.flag
            case .subscriptionIdentifierAvailable: isSubscriptionIdentifierAvailable = property.flag
            case .sharedSubscriptionAvailable: isSharedSubscriptionAvailable = property.flag
            case .serverKeepAlive: serverKeepAliveSeconds = UInt16(property.integer)
            case .responseInformation: responseInformation = property.text
            case .serverReference: serverReference = property.text
            case .authenticationMethod: authenticationMethod = property.text
            case .authenticationData: authenticationData = Array(property.bytes)
            default: throw DecodingError(.propertyNotAllowed)
            }
        }
    }
}
