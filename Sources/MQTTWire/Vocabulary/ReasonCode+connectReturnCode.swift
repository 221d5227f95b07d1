extension ReasonCode {
    /// What CONNACK of 3.1 and 3.1.1 says in place of this code; nil where no return code fits, and the connection
    /// is then to be closed without a CONNACK [MQTT-3.2.2-6 of 3.1.1].
    public var connectReturnCode: ConnectReturnCode? {
        switch self {
        case .success: .accepted
        case .unsupportedProtocolVersion: .unacceptableProtocolVersion
        case .clientIdentifierNotValid: .identifierRejected
        case .badUserNameOrPassword: .badUserNameOrPassword
        case .notAuthorized, .banned, .badAuthenticationMethod: .notAuthorized
        case .serverUnavailable, .serverBusy, .serverShuttingDown, .quotaExceeded, .useAnotherServer, .serverMoved,
            .connectionRateExceeded, .unspecifiedError, .implementationSpecificError:
            .serverUnavailable
        default: nil
        }
    }
}
