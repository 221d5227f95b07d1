extension Unsuback {
    /// Reads and validates an UNSUBACK, as a client.
    ///
    /// - Parameters:
    ///   - frame: a frame of type UNSUBACK.
    ///   - version: the connection's version.
    /// - Throws: `packetIdentifierZero`, `reasonCodeUnknown`, everything about properties, `fieldTruncated`,
    ///   `bytesLeftOver`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        precondition(frame.type == .unsuback, "not an UNSUBACK")
        var reader = FieldReader(frame.body)
        self.init(packetIdentifier: try reader.readPacketIdentifier(), reasonCodes: [])
        guard version.hasProperties else {
            try reader.expectEnd()
            return
        }
        (reasonString, userProperties) = try reader.readDiagnostics()
        repeat {
            let reasonCode = ReasonCode(rawValue: try reader.readUInt8())
            guard Unsuback.allows(reasonCode) else { throw DecodingError(.reasonCodeUnknown) }
            reasonCodes.append(reasonCode)
        } while !reader.isAtEnd
    }

    /// Whether UNSUBACK has this code (3.11.3).
    private static func allows(_ reasonCode: ReasonCode) -> Bool {
        switch reasonCode {
        case .success, .noSubscriptionExisted, .unspecifiedError, .implementationSpecificError, .notAuthorized,
            .topicFilterInvalid, .packetIdentifierInUse:
            true
        default: false
        }
    }
}
