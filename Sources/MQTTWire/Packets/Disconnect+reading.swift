extension Disconnect {
    /// Reads and validates a DISCONNECT.
    ///
    /// - Parameters:
    ///   - frame: a frame of type DISCONNECT.
    ///   - version: the connection's version.
    ///   - sender: who wrote it; each side has properties and reason codes of its own.
    /// - Throws: `reasonCodeUnknown`, everything about properties, `fieldTruncated`, `bytesLeftOver`.
    public init(_ frame: Frame, version: ProtocolVersion, sender: Sender = .client) throws(DecodingError) {
        precondition(frame.type == .disconnect, "not a DISCONNECT")
        var reader = FieldReader(frame.body)
        self.init()
        if version.hasProperties, !reader.isAtEnd {
            reasonCode = ReasonCode(rawValue: try reader.readUInt8())
            guard Disconnect.allows(reasonCode, from: sender) else { throw DecodingError(.reasonCodeUnknown) }
            // The length may be left out where there are no properties (3.14.2.2.1).
            if !reader.isAtEnd { try readProperties(try reader.readPropertySection(), sender: sender) }
        }
        try reader.expectEnd()
    }

    private mutating func readProperties(
        _ section: UnsafeRawBufferPointer,
        sender: Sender
    ) throws(DecodingError) {
        let allowed: PropertySet = sender == .client ? .disconnectOfClient : .disconnectOfServer
        var properties = PropertyReader(section, allowed: allowed)
        while let property = try properties.next() {
            switch property.identifier {
            case .sessionExpiryInterval: sessionExpirySeconds = property.integer
            case .reasonString: reasonString = property.text
            case .userProperty: userProperties.append(property.userProperty)
            case .serverReference: serverReference = property.text
            default: throw DecodingError(.propertyNotAllowed)
            }
        }
    }

    /// Whether that side has this code (3.14.2.1, table 3-10).
    private static func allows(_ reasonCode: ReasonCode, from sender: Sender) -> Bool {
        switch reasonCode {
        case .normalDisconnection, .unspecifiedError, .malformedPacket, .protocolError, .implementationSpecificError,
            .topicNameInvalid, .receiveMaximumExceeded, .topicAliasInvalid, .packetTooLarge, .messageRateTooHigh,
            .quotaExceeded, .administrativeAction, .payloadFormatInvalid:
            true
        case .disconnectWithWillMessage:
            sender == .client
        case .notAuthorized, .serverBusy, .serverShuttingDown, .badAuthenticationMethod, .keepAliveTimeout,
            .sessionTakenOver, .topicFilterInvalid, .retainNotSupported, .qosNotSupported, .useAnotherServer,
            .serverMoved, .sharedSubscriptionsNotSupported, .connectionRateExceeded, .maximumConnectTime,
            .subscriptionIdentifiersNotSupported, .wildcardSubscriptionsNotSupported:
            sender == .server
        default: false
        }
    }
}
