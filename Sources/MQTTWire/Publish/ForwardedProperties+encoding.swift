extension ForwardedProperties {
    /// Encodes properties, for senders that make a message and do not pass one on.
    ///
    /// - Parameters:
    ///   - payloadIsUTF8: nil leaves the indicator out, which means the same as false.
    ///   - contentType: up to 65,535 bytes, as every string here.
    ///   - responseTopic: a topic name.
    ///   - correlationData: up to 65,535 bytes.
    ///   - userProperties: in the order in which receivers get them.
    /// - Returns: the properties without a length in front.
    public static func encode(
        payloadIsUTF8: Bool? = nil,
        contentType: UTF8String? = nil,
        responseTopic: TopicName? = nil,
        correlationData: [UInt8]? = nil,
        userProperties: [UserProperty] = []
    ) -> [UInt8] {
        var section = PropertySection()
        section.append(.payloadFormatIndicator, payloadIsUTF8)
        section.append(.contentType, contentType)
        section.append(.responseTopic, responseTopic?.bytes)
        section.append(.correlationData, correlationData)
        section.append(userProperties)
        return section.bytes
    }
}
