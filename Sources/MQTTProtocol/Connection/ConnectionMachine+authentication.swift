public import MQTTWire

extension ConnectionMachine {
    /// What AUTH means (MQTT 5.0 §4.12).
    public enum AuthAction: Equatable, Sendable {
        /// The client authenticates again: begin anew with its data.
        case begin
        /// It goes on with what it began: take its data.
        case proceed
        /// End the connection with this reason.
        case fail(ReasonCode)
        case ignore
    }

    /// AUTH arrived: it must be the client's turn, and the method that of CONNECT [MQTT-4.12.0-5], [MQTT-4.12.1-1].
    public mutating func authReceived(_ auth: Auth) -> AuthAction {
        let isOfThisMethod = authenticationMethod != nil && auth.authenticationMethod == authenticationMethod
        switch (state, auth.reasonCode) {
        case (.closed, _):
            return .ignore
        case (.challenged, .continueAuthentication) where isOfThisMethod:
            state = .authenticating
            return .proceed
        case (.connected, .reAuthenticate) where isOfThisMethod && !isAuthenticatingAgain:
            isAuthenticatingAgain = true
            return .begin
        case (.connected, .continueAuthentication) where isOfThisMethod && isAuthenticatingAgain:
            return .proceed
        case (.awaitingConnect, _), (.authenticating, _), (.challenged, _), (.connected, _):
            state = .closed
            return .fail(.protocolError)
        }
    }

    /// The client is asked for more before it is decided; the AUTH to send [MQTT-4.12.0-2], [MQTT-4.12.0-5].
    public mutating func challenged(_ data: [UInt8]) -> Auth {
        precondition(state == .authenticating || isAuthenticatingAgain, "a challenge without an authentication")
        if state == .authenticating { state = .challenged }
        return Auth(
            reasonCode: .continueAuthentication,
            authenticationMethod: authenticationMethod,
            authenticationData: data
        )
    }

    /// The client is who it was; the AUTH to send.
    public mutating func authenticatedAgain(_ data: [UInt8]) -> Auth {
        precondition(isAuthenticatingAgain, "nobody authenticates again")
        isAuthenticatingAgain = false
        return Auth(reasonCode: .success, authenticationMethod: authenticationMethod, authenticationData: data)
    }
}
