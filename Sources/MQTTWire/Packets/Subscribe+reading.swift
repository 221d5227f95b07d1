extension Subscribe {
    /// Reads and validates a SUBSCRIBE.
    ///
    /// - Parameters:
    ///   - frame: a frame of type SUBSCRIBE.
    ///   - version: the connection's version.
    /// - Throws: `flagsReserved`, `packetIdentifierZero`, `topicFiltersMissing`, everything about properties, filters
    ///   and options, `fieldTruncated`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        precondition(frame.type == .subscribe, "not a SUBSCRIBE")
        try frame.expectNoDuplicateFlag(in: version)
        var reader = FieldReader(frame.body)
        self.init(packetIdentifier: try reader.readPacketIdentifier(), subscriptions: [])
        if version.hasProperties {
            var properties = PropertyReader(try reader.readPropertySection(), allowed: .subscribe)
            while let property = try properties.next() {
                if property.identifier == .subscriptionIdentifier {
                    guard property.integer != 0 else { throw DecodingError(.propertyValueInvalid) }
                    subscriptionIdentifier = property.integer
                } else {
                    userProperties.append(property.userProperty)
                }
            }
        }
        repeat {
            guard !reader.isAtEnd else { throw DecodingError(.topicFiltersMissing) }
            subscriptions.append(try Subscription(&reader, version: version))
        } while !reader.isAtEnd
    }
}
