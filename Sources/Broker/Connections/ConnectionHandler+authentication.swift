import Authentication
import MQTTProtocol
import MQTTWire

/// Enhanced authentication (MQTT 5.0 §4.12): the broker carries the data, the method judges them.
extension ConnectionHandler {
    /// The method of a name, if this listener offers it.
    func method(named name: UTF8String) -> (any AuthenticationMethod)? {
        // Where a certificate says who the client is, or a token in its request, nothing else may.
        guard listener.tls?.userNameSource == nil, presentedToken == nil else { return nil }
        return listener.security.current.authenticationMethods.first { name.bytes.elementsEqual($0.name.utf8) }
    }

    /// CONNECT asks for a method that is offered.
    func beginExchange(_ connect: Connect, _ method: any AuthenticationMethod) {
        exchange = method.begin()
        exchangingConnect = connect
        exchange(connect.authenticationData ?? [])
    }

    func authReceived(_ auth: Auth) {
        switch machine.authReceived(auth) {
        case .begin:
            // The method may have been withdrawn by a reload.
            guard let method = auth.authenticationMethod.flatMap({ method(named: $0) }) else {
                return fail(.badAuthenticationMethod, .notAuthorized)
            }
            exchange = method.begin()
            exchange(auth.authenticationData ?? [])
        case .proceed: exchange(auth.authenticationData ?? [])
        case .fail(let reasonCode): fail(reasonCode, .protocolError)
        case .ignore: break
        }
    }

    private func exchange(_ data: [UInt8]) {
        switch exchange?.received(data) {
        case .challenge(let challenge)?:
            let auth = machine.challenged(challenge)
            sendAnswer { auth.write(to: &$0) }
        case .accepted(let userName, let data)?:
            exchange = nil
            accepted(UTF8String(validating: userName), data)
        case .refused?, nil:
            exchange = nil
            if exchangingConnect == nil {
                // [MQTT-4.12.1-2]
                fail(.notAuthorized, .notAuthorized)
            } else {
                exchangingConnect = nil
                refuse(.notAuthorized)
            }
        }
    }

    private func accepted(_ userName: UTF8String?, _ data: [UInt8]) {
        if var connect = exchangingConnect {
            exchangingConnect = nil
            guard let userName else { return refuse(.notAuthorized) }
            connect.userName = userName
            connect.authenticationData = data
            proof = .exchange
            claimSession(connect)
        } else if userName?.bytes == publisher.origin.userName {
            let auth = machine.authenticatedAgain(data)
            sendAnswer { auth.write(to: &$0) }
        } else {
            // Whoever authenticates again must be who it was: the session's rights are that user's.
            fail(.notAuthorized, .notAuthorized)
        }
    }
}
