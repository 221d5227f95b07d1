/// CONNACK: the server's answer to CONNECT (3.2 CONNACK – Connect acknowledgement).
///
/// A property that is nil is not sent, and its absence has the meaning that 3.2.2.3 gives it.
public struct Connack: Sendable, Hashable {
    /// Whether the server had a session of this client; always false with a failure [MQTT-3.2.2-6].
    public var isSessionPresent: Bool

    public var reasonCode: ReasonCode

    /// 3.2.2.3.2; nil: what the client asked for.
    public var sessionExpirySeconds: UInt32?

    /// 3.2.2.3.3; nil: 65,535.
    public var receiveMaximum: UInt16?

    /// 3.2.2.3.4: `atMostOnce` or `atLeastOnce`; nil: `exactlyOnce`.
    public var maximumQoS: QoS?

    /// 3.2.2.3.5; nil: yes.
    public var isRetainAvailable: Bool?

    /// 3.2.2.3.6; nil: no limit but the protocol's.
    public var maximumPacketBytes: UInt32?

    /// 3.2.2.3.7: what the server calls a client that came without an identifier.
    public var assignedClientIdentifier: UTF8String?

    /// 3.2.2.3.8; nil: 0.
    public var topicAliasMaximum: UInt16?

    /// 3.2.2.3.9.
    public var reasonString: UTF8String?

    /// 3.2.2.3.10.
    public var userProperties: [UserProperty] = []

    /// 3.2.2.3.11; nil: yes.
    public var isWildcardSubscriptionAvailable: Bool?

    /// 3.2.2.3.12; nil: yes.
    public var isSubscriptionIdentifierAvailable: Bool?

    /// 3.2.2.3.13; nil: yes.
    public var isSharedSubscriptionAvailable: Bool?

    /// 3.2.2.3.14; nil: what the client asked for.
    public var serverKeepAliveSeconds: UInt16?

    /// 3.2.2.3.15.
    public var responseInformation: UTF8String?

    /// 3.2.2.3.16.
    public var serverReference: UTF8String?

    /// 3.2.2.3.17.
    public var authenticationMethod: UTF8String?

    /// 3.2.2.3.18.
    public var authenticationData: [UInt8]?

    public init(reasonCode: ReasonCode, isSessionPresent: Bool = false) {
        self.reasonCode = reasonCode
        self.isSessionPresent = isSessionPresent
    }
}
