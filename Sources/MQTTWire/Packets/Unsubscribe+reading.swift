extension Unsubscribe {
    /// Reads and validates an UNSUBSCRIBE.
    ///
    /// - Parameters:
    ///   - frame: a frame of type UNSUBSCRIBE.
    ///   - version: the connection's version.
    /// - Throws: `flagsReserved`, `packetIdentifierZero`, `topicFiltersMissing`, everything about properties and
    ///   filters, `fieldTruncated`.
    public init(_ frame: Frame, version: ProtocolVersion) throws(DecodingError) {
        precondition(frame.type == .unsubscribe, "not an UNSUBSCRIBE")
        try frame.expectNoDuplicateFlag(in: version)
        var reader = FieldReader(frame.body)
        self.init(packetIdentifier: try reader.readPacketIdentifier(), filters: [])
        if version.hasProperties {
            var properties = PropertyReader(try reader.readPropertySection(), allowed: .unsubscribe)
            while let property = try properties.next() { userProperties.append(property.userProperty) }
        }
        repeat {
            guard !reader.isAtEnd else { throw DecodingError(.topicFiltersMissing) }
            filters.append(try TopicFilter(bytes: try reader.readBinary()))
        } while !reader.isAtEnd
    }
}
