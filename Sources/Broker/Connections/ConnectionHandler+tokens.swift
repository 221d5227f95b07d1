import Authentication
import Glibc
import Logging
import MQTTProtocol
import MQTTWire
import NIOCore

/// Tokens in place of passwords, and the end that they put to a connection.
extension ConnectionHandler {
    /// The token that counts for a CONNECT: the one of the WebSocket request, or what has a token's form in the password field.
    func token(for connect: Connect, _ policy: TokenPolicy) -> PresentedToken? {
        if let presentedToken { return presentedToken }
        guard let password = connect.password.map({ $0.withBytes { Array($0) } }), policy.isToken(password) else {
            return nil
        }
        return .token(password)
    }

    /// Looks at a token; what CONNECT says about its user is not looked at, as with a certificate.
    func authenticate(_ connect: Connect, _ token: PresentedToken, _ policy: TokenPolicy) {
        // It may have as many KiB as a connection has otherwise, and it has done its work.
        presentedToken = nil
        guard case .token(let token) = token else { return tokenChecked(connect, .refused(.ambiguous)) }
        guard
            let verdict = loop.environment.authenticator.verify(
                token: token,
                with: policy,
                nowSeconds: Int64(time(nil)),
                on: loop.eventLoop
            )
        else { return refuse(.serverBusy) }
        withholdReads(.connecting)
        let bound = NIOLoopBound((self, connect), eventLoop: loop.eventLoop)
        verdict.whenComplete { result in
            let (handler, connect) = bound.value
            handler.tokenChecked(connect, (try? result.get()) ?? .refused(.noKeys))
            handler.loop.finishTurn()
        }
    }

    private func tokenChecked(_ connect: Connect, _ verdict: TokenVerdict) {
        guard machine.isAuthenticating else { return }
        switch verdict {
        case .accepted(let identity):
            var connect = connect
            connect.userName = UTF8String(validating: identity.userName)
            tokenExpiresAtSeconds = identity.expiresAtSeconds
            proof = .token
            claimSession(connect)
        case .refused(let refusal):
            if loop.environment.areConnectionsLogged {
                loop.logger.notice("Token of \(peer) refused: \(refusal.rawValue).")
            }
            // Without keys nobody knows whether it is right: that is no failure of the client's.
            refuse(refusal == .noKeys ? .serverUnavailable : .notAuthorized)
        }
    }

    /// Ends the connection when its token does.
    ///
    /// The clock of the day is asked again every hour: it may be set, and a machine may sleep.
    func watchTokenExpiry() {
        guard let end = tokenExpiresAtSeconds, !machine.isOver else { return }
        let secondsLeft = end - Int64(time(nil))
        guard secondsLeft > 0 else {
            fail(.maximumConnectTime, .tokenExpired)
            return loop.finishTurn()
        }
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        tokenTimer = loop.eventLoop.scheduleTask(in: .seconds(min(secondsLeft, 3600))) {
            bound.value.watchTokenExpiry()
        }
    }
}
