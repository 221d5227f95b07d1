extension ReasonCode {
    /// CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK, AUTH.
    @inlinable public static var success: ReasonCode { ReasonCode(rawValue: 0x00) }
    /// DISCONNECT: the will is not to be published.
    @inlinable public static var normalDisconnection: ReasonCode { ReasonCode(rawValue: 0x00) }
    /// SUBACK.
    @inlinable public static var grantedQoS0: ReasonCode { ReasonCode(rawValue: 0x00) }
    /// SUBACK.
    @inlinable public static var grantedQoS1: ReasonCode { ReasonCode(rawValue: 0x01) }
    /// SUBACK.
    @inlinable public static var grantedQoS2: ReasonCode { ReasonCode(rawValue: 0x02) }
    /// DISCONNECT of a client: the will is to be published.
    @inlinable public static var disconnectWithWillMessage: ReasonCode { ReasonCode(rawValue: 0x04) }
    /// PUBACK, PUBREC: accepted, but nobody is subscribed.
    @inlinable public static var noMatchingSubscribers: ReasonCode { ReasonCode(rawValue: 0x10) }
    /// UNSUBACK.
    @inlinable public static var noSubscriptionExisted: ReasonCode { ReasonCode(rawValue: 0x11) }
    /// AUTH.
    @inlinable public static var continueAuthentication: ReasonCode { ReasonCode(rawValue: 0x18) }
    /// AUTH of a client.
    @inlinable public static var reAuthenticate: ReasonCode { ReasonCode(rawValue: 0x19) }
    /// CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT; in 3.1.1 the failing return code of SUBACK.
    @inlinable public static var unspecifiedError: ReasonCode { ReasonCode(rawValue: 0x80) }
    /// CONNACK, DISCONNECT: the packet could not be parsed.
    @inlinable public static var malformedPacket: ReasonCode { ReasonCode(rawValue: 0x81) }
    /// CONNACK, DISCONNECT: an unexpected packet, or contents that the protocol does not allow.
    @inlinable public static var protocolError: ReasonCode { ReasonCode(rawValue: 0x82) }
    /// CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT.
    @inlinable public static var implementationSpecificError: ReasonCode { ReasonCode(rawValue: 0x83) }
    /// CONNACK.
    @inlinable public static var unsupportedProtocolVersion: ReasonCode { ReasonCode(rawValue: 0x84) }
    /// CONNACK.
    @inlinable public static var clientIdentifierNotValid: ReasonCode { ReasonCode(rawValue: 0x85) }
    /// CONNACK.
    @inlinable public static var badUserNameOrPassword: ReasonCode { ReasonCode(rawValue: 0x86) }
    /// CONNACK, PUBACK, PUBREC, SUBACK, UNSUBACK, DISCONNECT.
    @inlinable public static var notAuthorized: ReasonCode { ReasonCode(rawValue: 0x87) }
    /// CONNACK.
    @inlinable public static var serverUnavailable: ReasonCode { ReasonCode(rawValue: 0x88) }
    /// CONNACK, DISCONNECT.
    @inlinable public static var serverBusy: ReasonCode { ReasonCode(rawValue: 0x89) }
    /// CONNACK.
    @inlinable public static var banned: ReasonCode { ReasonCode(rawValue: 0x8A) }
    /// DISCONNECT.
    @inlinable public static var serverShuttingDown: ReasonCode { ReasonCode(rawValue: 0x8B) }
    /// CONNACK, DISCONNECT.
    @inlinable public static var badAuthenticationMethod: ReasonCode { ReasonCode(rawValue: 0x8C) }
    /// DISCONNECT: nothing was received for one and a half times the keep alive.
    @inlinable public static var keepAliveTimeout: ReasonCode { ReasonCode(rawValue: 0x8D) }
    /// DISCONNECT: another connection uses the same client identifier.
    @inlinable public static var sessionTakenOver: ReasonCode { ReasonCode(rawValue: 0x8E) }
    /// SUBACK, UNSUBACK, DISCONNECT: well formed, but not accepted here.
    @inlinable public static var topicFilterInvalid: ReasonCode { ReasonCode(rawValue: 0x8F) }
    /// CONNACK, PUBACK, PUBREC, DISCONNECT: well formed, but not accepted here.
    @inlinable public static var topicNameInvalid: ReasonCode { ReasonCode(rawValue: 0x90) }
    /// PUBACK, PUBREC, SUBACK, UNSUBACK.
    @inlinable public static var packetIdentifierInUse: ReasonCode { ReasonCode(rawValue: 0x91) }
    /// PUBREL, PUBCOMP.
    @inlinable public static var packetIdentifierNotFound: ReasonCode { ReasonCode(rawValue: 0x92) }
    /// DISCONNECT: more unacknowledged publications than the receive maximum.
    @inlinable public static var receiveMaximumExceeded: ReasonCode { ReasonCode(rawValue: 0x93) }
    /// DISCONNECT: an alias of 0 or above the topic alias maximum.
    @inlinable public static var topicAliasInvalid: ReasonCode { ReasonCode(rawValue: 0x94) }
    /// CONNACK, DISCONNECT: larger than the maximum packet size.
    @inlinable public static var packetTooLarge: ReasonCode { ReasonCode(rawValue: 0x95) }
    /// DISCONNECT.
    @inlinable public static var messageRateTooHigh: ReasonCode { ReasonCode(rawValue: 0x96) }
    /// CONNACK, PUBACK, PUBREC, SUBACK, DISCONNECT.
    @inlinable public static var quotaExceeded: ReasonCode { ReasonCode(rawValue: 0x97) }
    /// DISCONNECT.
    @inlinable public static var administrativeAction: ReasonCode { ReasonCode(rawValue: 0x98) }
    /// CONNACK, PUBACK, PUBREC, DISCONNECT: not what the payload format indicator says.
    @inlinable public static var payloadFormatInvalid: ReasonCode { ReasonCode(rawValue: 0x99) }
    /// CONNACK, DISCONNECT.
    @inlinable public static var retainNotSupported: ReasonCode { ReasonCode(rawValue: 0x9A) }
    /// CONNACK, DISCONNECT.
    @inlinable public static var qosNotSupported: ReasonCode { ReasonCode(rawValue: 0x9B) }
    /// CONNACK, DISCONNECT: for this time.
    @inlinable public static var useAnotherServer: ReasonCode { ReasonCode(rawValue: 0x9C) }
    /// CONNACK, DISCONNECT: for good.
    @inlinable public static var serverMoved: ReasonCode { ReasonCode(rawValue: 0x9D) }
    /// SUBACK, DISCONNECT.
    @inlinable public static var sharedSubscriptionsNotSupported: ReasonCode { ReasonCode(rawValue: 0x9E) }
    /// CONNACK, DISCONNECT.
    @inlinable public static var connectionRateExceeded: ReasonCode { ReasonCode(rawValue: 0x9F) }
    /// DISCONNECT.
    @inlinable public static var maximumConnectTime: ReasonCode { ReasonCode(rawValue: 0xA0) }
    /// SUBACK, DISCONNECT.
    @inlinable public static var subscriptionIdentifiersNotSupported: ReasonCode { ReasonCode(rawValue: 0xA1) }
    /// SUBACK, DISCONNECT.
    @inlinable public static var wildcardSubscriptionsNotSupported: ReasonCode { ReasonCode(rawValue: 0xA2) }
}
