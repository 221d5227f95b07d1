extension Suback {
    /// Reads and validates a SUBACK, as a client.
    ///
    /// - Parameters:
    ///   - frame: a frame of type SUBACK.
    ///   - version: the connection's version.
    /// - Throws: `packetIdentifierZero`, `reasonCodeUnknown`, everything about properties, `fieldTruncated`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        precondition(frame.type == .suback, "not a SUBACK")
        var reader = FieldReader(frame.body)
        self.init(packetIdentifier: try reader.readPacketIdentifier(), reasonCodes: [])
        if version.hasProperties {
            (reasonString, userProperties) = try reader.readDiagnostics()
        }
        repeat {
            let reasonCode = ReasonCode(rawValue: try reader.readUInt8())
            guard Suback.allows(reasonCode, version: version) else { throw DecodingError(.reasonCodeUnknown) }
            reasonCodes.append(reasonCode)
        } while !reader.isAtEnd
    }

    /// Whether SUBACK has this code (3.9.3); below 5.0 there is one failure, 0x80.
    private static func allows(_ reasonCode: ReasonCode, version: ProtocolVersion) -> Bool {
        switch reasonCode {
        case .grantedQoS0, .grantedQoS1, .grantedQoS2, .unspecifiedError: true
        case .implementationSpecificError, .notAuthorized, .topicFilterInvalid, .packetIdentifierInUse,
            .quotaExceeded, .sharedSubscriptionsNotSupported, .subscriptionIdentifiersNotSupported,
            .wildcardSubscriptionsNotSupported:
            version.hasProperties
        default: false
        }
    }
}
