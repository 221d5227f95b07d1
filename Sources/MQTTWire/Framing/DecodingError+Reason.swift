extension DecodingError {
    /// The rules of the wire format, each with the clause of 5.0 that states it.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        // Frames and fields
        /// Type 0 (2.1.2).
        case packetTypeReserved = "reserved packet type"
        /// Flags other than the ones the type prescribes [MQTT-2.1.3-1].
        case flagsReserved = "reserved flags"
        /// A fifth byte of remaining length (2.1.4), or a remaining length that the type cannot have.
        case remainingLengthMalformed = "malformed remaining length"
        /// A packet above the maximum packet size (3.1.2.11.4).
        case packetTooLarge = "packet too large"
        /// A field runs past the end of its packet or property section.
        case fieldTruncated = "truncated field"
        /// Bytes are left over behind the last field.
        case bytesLeftOver = "bytes behind the last field"
        /// More than four bytes, or more than necessary [MQTT-1.5.5-1].
        case variableByteIntegerMalformed = "malformed variable byte integer"
        /// Not well-formed UTF-8, or U+0000 or a control character in it [MQTT-1.5.4-1], [MQTT-1.5.4-2].
        case textMalformed = "malformed text"
        /// 0 where a packet identifier is required [MQTT-2.2.1-3].
        case packetIdentifierZero = "packet identifier 0"
        /// A reason code that this packet type does not have.
        case reasonCodeUnknown = "unknown reason code"

        // Properties
        /// An identifier that 2.2.2.2 does not list.
        case propertyUnknown = "unknown property"
        /// An identifier that this packet type does not have (2.2.2.2).
        case propertyNotAllowed = "property not allowed here"
        /// A property that may stand only once stands twice.
        case propertyRepeated = "repeated property"
        /// A value outside of what the property allows.
        case propertyValueInvalid = "invalid value of a property"
        /// Authentication data without a method (3.1.2.11.10), or AUTH without one (3.15.2.2.2).
        case authenticationMethodMissing = "missing authentication method"

        // CONNECT
        /// A protocol name other than `MQTT` and `MQIsdp`: not a client of ours, close [MQTT-3.1.2-1].
        case protocolNameUnsupported = "unsupported protocol name"
        /// A protocol level other than 3, 4 and 5 [MQTT-3.1.2-2]; the answer has the form of 3.1.1 and says
        /// `unacceptableProtocolVersion`.
        case protocolLevelUnsupported = "unsupported protocol level"
        /// Bit 0 of the connect flags is set [MQTT-3.1.2-3].
        case connectFlagsReserved = "reserved connect flag"
        /// Will QoS or will retain without a will [MQTT-3.1.2-11], [MQTT-3.1.2-13], or will QoS 3 [MQTT-3.1.2-12].
        case willFlagsInvalid = "invalid will flags"
        /// A password without a user name, in 3.1 and 3.1.1 [MQTT-3.1.2-22 of 3.1.1].
        case passwordWithoutUserName = "password without user name"

        // PUBLISH
        /// Both QoS bits are set [MQTT-3.3.1-4].
        case qosInvalid = "invalid QoS"
        /// DUP at QoS 0 [MQTT-3.3.1-2].
        case duplicateAtMostOnce = "DUP at QoS 0"
        /// No topic name and no alias either (3.3.2.1).
        case topicNameMissing = "missing topic name"
        /// A wildcard in a topic name [MQTT-3.3.2-2].
        case topicNameHasWildcard = "wildcard in a topic name"
        /// More levels than `WireLimits.topicLevelsMax`.
        case topicNameTooDeep = "too many topic levels"
        /// An alias of 0 [MQTT-3.3.2-8].
        case topicAliasZero = "topic alias 0"
        /// A payload that is not UTF-8 although its indicator says so (3.3.2.3.2).
        case payloadFormatInvalid = "payload is not UTF-8"
        /// A subscription identifier from a client [MQTT-3.3.4-6].
        case subscriptionIdentifierFromClient = "subscription identifier from a client"

        // SUBSCRIBE and UNSUBSCRIBE
        /// No topic filter [MQTT-3.8.3-2], [MQTT-3.10.3-2].
        case topicFiltersMissing = "no topic filter"
        /// A topic filter that breaks 4.7 or 4.8.2.
        case topicFilterMalformed = "malformed topic filter"
        /// More levels than `WireLimits.topicLevelsMax`.
        case topicFilterTooDeep = "too many levels in a topic filter"
        /// Reserved bits of the subscription options [MQTT-3.8.3-5].
        case subscriptionOptionsReserved = "reserved subscription options"
        /// Maximum QoS 3 or retain handling 3 (3.8.3.1).
        case subscriptionOptionsInvalid = "invalid subscription options"
        /// No Local on a shared subscription [MQTT-3.8.3-4].
        case noLocalOnSharedSubscription = "No Local on a shared subscription"
    }
}

extension DecodingError.Reason {
    /// What CONNACK or DISCONNECT of 5.0 says.
    public var reasonCode: ReasonCode {
        switch self {
        case .packetTypeReserved, .flagsReserved, .remainingLengthMalformed, .fieldTruncated, .bytesLeftOver,
            .variableByteIntegerMalformed, .textMalformed, .propertyUnknown, .propertyNotAllowed,
            .connectFlagsReserved, .willFlagsInvalid, .passwordWithoutUserName, .qosInvalid, .duplicateAtMostOnce,
            .topicNameHasWildcard, .topicFilterMalformed, .subscriptionOptionsReserved:
            .malformedPacket
        case .packetIdentifierZero, .reasonCodeUnknown, .propertyRepeated, .propertyValueInvalid,
            .authenticationMethodMissing, .topicNameMissing, .subscriptionIdentifierFromClient,
            .topicFiltersMissing, .subscriptionOptionsInvalid, .noLocalOnSharedSubscription:
            .protocolError
        case .packetTooLarge: .packetTooLarge
        case .protocolNameUnsupported, .protocolLevelUnsupported: .unsupportedProtocolVersion
        case .topicNameTooDeep: .topicNameInvalid
        case .topicFilterTooDeep: .topicFilterInvalid
        case .topicAliasZero: .topicAliasInvalid
        case .payloadFormatInvalid: .payloadFormatInvalid
        }
    }
}
