extension Connect {
    /// Reads and validates a CONNECT, which states its version itself.
    ///
    /// - Parameter frame: a frame of type CONNECT.
    /// - Throws: `protocolNameUnsupported`, `protocolLevelUnsupported`, everything about connect flags, properties and
    ///   the will's topic, `textMalformed`, `fieldTruncated`, `bytesLeftOver`.
    public init(_ frame: Frame) throws(DecodingError) {
        precondition(frame.type == .connect, "not a CONNECT")
        var reader = FieldReader(frame.body)
        let version = try Connect.readVersion(&reader)
        let flags = ConnectFlags(rawValue: try reader.readUInt8())
        try flags.validate(version: version)
        let keepAliveSeconds = try reader.readUInt16()
        var properties: UnsafeRawBufferPointer?
        if version.hasProperties { properties = try reader.readPropertySection() }

        self.init(
            version: version,
            clientIdentifier: UTF8String(copying: try reader.readName()),
            isCleanStart: flags.contains(.cleanStart),
            keepAliveSeconds: keepAliveSeconds
        )
        if let properties { try readProperties(properties) }
        if flags.contains(.will) {
            will = try Will(&reader, flags: flags, version: version)
        }
        // In 3.1 the remaining length takes precedence over these two flags: the strings may be missing.
        if flags.contains(.userName), version != .v31 || !reader.isAtEnd {
            userName = UTF8String(copying: try reader.readName())
        }
        if flags.contains(.password), version != .v31 || !reader.isAtEnd {
            password = Password(copying: try reader.readBinary())
        }
        try reader.expectEnd()
    }

    /// The version that a CONNECT states, even where the rest of it is malformed: the form of the answer depends on it.
    ///
    /// - Parameter frame: a frame of type CONNECT.
    /// - Throws: `protocolNameUnsupported`, `protocolLevelUnsupported`, `fieldTruncated`.
    public static func version(of frame: Frame) throws(DecodingError) -> ProtocolVersion {
        precondition(frame.type == .connect, "not a CONNECT")
        var reader = FieldReader(frame.body)
        return try readVersion(&reader)
    }

    /// Reads protocol name and level (3.1.2.1, 3.1.2.2).
    private static func readVersion(_ reader: inout FieldReader) throws(DecodingError) -> ProtocolVersion {
        let name = try reader.readBinary()
        let isOld = name.elementsEqual("MQIsdp".utf8)
        guard isOld || name.elementsEqual("MQTT".utf8) else { throw DecodingError(.protocolNameUnsupported) }
        guard let version = ProtocolVersion(rawValue: try reader.readUInt8()), (version == .v31) == isOld else {
            throw DecodingError(.protocolLevelUnsupported)
        }
        return version
    }

    private mutating func readProperties(_ section: UnsafeRawBufferPointer) throws(DecodingError) {
        var properties = PropertyReader(section, allowed: .connect)
        while let property = try properties.next() {
            switch property.identifier {
            case .sessionExpiryInterval:
                sessionExpirySeconds = property.integer
            case .receiveMaximum:
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                receiveMaximum = UInt16(property.integer)
            case .maximumPacketSize:
                guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                maximumPacketBytes = property.integer
            case .topicAliasMaximum: topicAliasMaximum = UInt16(property.integer)
            case .requestResponseInformation: requestsResponseInformation = property.flag
            case .requestProblemInformation: requestsProblemInformation = property.flag
            case .userProperty: userProperties.append(property.userProperty)
            case .authenticationMethod: authenticationMethod = property.text
            case .authenticationData: authenticationData = Array(property.bytes)
            default: throw DecodingError(.propertyNotAllowed)
            }
        }
        guard authenticationData == nil || authenticationMethod != nil else {
            throw DecodingError(.authenticationMethodMissing)
        }
    }
}
