/// A set of properties: which ones a packet type has, or which ones a section has shown so far.
struct PropertySet: OptionSet {
    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(_ identifier: PropertyIdentifier) {
        rawValue = 1 << UInt64(identifier.rawValue)
    }

    init(_ identifiers: PropertyIdentifier...) {
        rawValue = identifiers.reduce(0) { $0 | PropertySet($1).rawValue }
    }
}

extension PropertySet {
    /// Properties that may stand more than once: user properties everywhere (the subscription identifier may in a
    /// PUBLISH of a server only, which `PublishView` reads on its own).
    static let repeatable = PropertySet(.userProperty)

    static let connect = PropertySet(
        .sessionExpiryInterval,
        .receiveMaximum,
        .maximumPacketSize,
        .topicAliasMaximum,
        .requestResponseInformation,
        .requestProblemInformation,
        .userProperty,
        .authenticationMethod,
        .authenticationData
    )

    static let will = PropertySet(
        .willDelayInterval,
        .payloadFormatIndicator,
        .messageExpiryInterval,
        .contentType,
        .responseTopic,
        .correlationData,
        .userProperty
    )

    static let connack = PropertySet(
        .sessionExpiryInterval,
        .receiveMaximum,
        .maximumQoS,
        .retainAvailable,
        .maximumPacketSize,
        .assignedClientIdentifier,
        .topicAliasMaximum,
        .reasonString,
        .userProperty,
        .wildcardSubscriptionAvailable,
        .subscriptionIdentifierAvailable,
        .sharedSubscriptionAvailable,
        .serverKeepAlive,
        .responseInformation,
        .serverReference,
        .authenticationMethod,
        .authenticationData
    )

    static let subscribe = PropertySet(.subscriptionIdentifier, .userProperty)

    static let unsubscribe = PropertySet(.userProperty)

    /// PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
    static let acknowledgement = PropertySet(.reasonString, .userProperty)

    static let disconnectOfClient = PropertySet(.sessionExpiryInterval, .reasonString, .userProperty)

    static let disconnectOfServer = PropertySet(.reasonString, .userProperty, .serverReference)

    static let auth = PropertySet(.authenticationMethod, .authenticationData, .reasonString, .userProperty)
}
