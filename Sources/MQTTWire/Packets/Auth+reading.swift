extension Auth {
    /// Reads and validates an AUTH.
    ///
    /// - Parameters:
    ///   - frame: a frame of type AUTH on a connection of 5.0; below, the type is reserved and `packetTypeReserved`
    ///     is thrown.
    ///   - version: the connection's version.
    ///   - sender: who wrote it; each side has reason codes of its own.
    /// - Throws: `packetTypeReserved`, `reasonCodeUnknown`, `authenticationMethodMissing`, everything about
    ///   properties, `fieldTruncated`, `bytesLeftOver`.
    public init(_ frame: Frame, version: ProtocolVersion, sender: Sender = .client) throws(DecodingError) {
        precondition(frame.type == .auth, "not an AUTH")
        guard version.hasProperties else { throw DecodingError(.packetTypeReserved) }
        var reader = FieldReader(frame.body)
        self.init(
            reasonCode: reader.isAtEnd ? .success : ReasonCode(rawValue: try reader.readUInt8()),
            authenticationMethod: nil
        )
        guard Auth.allows(reasonCode, from: sender) else { throw DecodingError(.reasonCodeUnknown) }
        // Reason code and properties may be left out together where the code is success (3.15.2.1).
        guard !frame.body.isEmpty else { return }
        try readProperties(try reader.readPropertySection())
        try reader.expectEnd()
        guard authenticationMethod != nil else { throw DecodingError(.authenticationMethodMissing) }
    }

    private mutating func readProperties(_ section: UnsafeRawBufferPointer) throws(DecodingError) {
        var properties = PropertyReader(section, allowed: .auth)
        while let property = try properties.next() {
            switch property.identifier {
            case .authenticationMethod: authenticationMethod = property.text
            case .authenticationData: authenticationData = Array(property.bytes)
            case .reasonString: reasonString = property.text
            case .userProperty: userProperties.append(property.userProperty)
            default: throw DecodingError(.propertyNotAllowed)
            }
        }
    }

    /// Whether that side has this code (3.15.2.1, table 3-11).
    private static func allows(_ reasonCode: ReasonCode, from sender: Sender) -> Bool {
        switch reasonCode {
        case .continueAuthentication: true
        case .success: sender == .server
        case .reAuthenticate: sender == .client
        default: false
        }
    }
}
