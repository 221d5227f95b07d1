import MQTTWire

extension ReasonCode {
    /// What a client that wants problem information is told beside the code, where the code alone says little (MQTT 5.0 §3.2.2.3.9,
    /// §3.14.2.2.3); it names nothing of other clients.
    var explanation: UTF8String? {
        switch self {
        case .protocolError: "this packet is not allowed here"
        case .clientIdentifierNotValid: "this server does not assign client identifiers"
        case .badUserNameOrPassword: "unknown user name or wrong password"
        case .notAuthorized: "this client is not let in"
        case .serverUnavailable: "the keys that tokens are checked with are not there yet"
        case .maximumConnectTime: "the token has expired"
        case .serverBusy: "too many clients log in at this moment"
        case .serverShuttingDown: "the server stops"
        case .badAuthenticationMethod: "this server does not offer the authentication method"
        case .keepAliveTimeout: "nothing was received for one and a half times the keep alive"
        case .sessionTakenOver: "another connection uses the client identifier"
        case .receiveMaximumExceeded: "more messages were sent than may be unacknowledged"
        case .topicAliasInvalid: "the topic alias is above the topic alias maximum"
        case .packetTooLarge: "the packet is larger than the maximum packet size"
        case .quotaExceeded: "a limit of this server is reached"
        case .messageRateTooHigh: "more was published than this client may, for too long"
        case .connectionRateExceeded: "this user connects too often"
        case .retainNotSupported: "this server retains no messages"
        case .qosNotSupported: "the QoS is above the maximum QoS"
        default: nil
        }
    }
}
