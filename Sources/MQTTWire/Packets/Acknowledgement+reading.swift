extension Acknowledgement {
    /// Reads and validates an acknowledgement.
    ///
    /// - Parameters:
    ///   - frame: a frame of type PUBACK, PUBREC, PUBREL or PUBCOMP.
    ///   - version: the connection's version.
    /// - Throws: `flagsReserved`, `packetIdentifierZero`, `reasonCodeUnknown`, everything about properties,
    ///   `fieldTruncated`, `bytesLeftOver`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        guard let kind = Kind(rawValue: frame.type.rawValue) else {
            preconditionFailure("not PUBACK, PUBREC, PUBREL or PUBCOMP")
        }
        try frame.expectNoDuplicateFlag(in: version)
        var reader = FieldReader(frame.body)
        let packetIdentifier = try reader.readPacketIdentifier()
        var reasonCode = ReasonCode.success
        if version.hasProperties, !reader.isAtEnd {
            reasonCode = ReasonCode(rawValue: try reader.readUInt8())
            guard kind.allows(reasonCode) else { throw DecodingError(.reasonCodeUnknown) }
            if !reader.isAtEnd {
                var properties = PropertyReader(try reader.readPropertySection(), allowed: .acknowledgement)
                while try properties.next() != nil {}
            }
        }
        try reader.expectEnd()
        self.init(kind, packetIdentifier: packetIdentifier, reasonCode: reasonCode)
    }
}

extension Acknowledgement.Kind {
    /// Whether the packet type has this reason code (3.4.2.1, 3.5.2.1, 3.6.2.1, 3.7.2.1).
    func allows(_ reasonCode: ReasonCode) -> Bool {
        switch self {
        case .puback, .pubrec:
            switch reasonCode {
            case .success, .noMatchingSubscribers, .unspecifiedError, .implementationSpecificError, .notAuthorized,
                .topicNameInvalid, .packetIdentifierInUse, .quotaExceeded, .payloadFormatInvalid:
                true
            default: false
            }
        case .pubrel, .pubcomp:
            reasonCode == .success || reasonCode == .packetIdentifierNotFound
        }
    }
}
