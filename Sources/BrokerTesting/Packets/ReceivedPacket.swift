public import MQTTWire

/// A packet as a client received it.
public enum ReceivedPacket: Sendable, Equatable {
    case connack(Connack)
    case publish(ReceivedMessage)
    case acknowledgement(Acknowledgement)
    case suback(Suback)
    case unsuback(Unsuback)
    case pingresp
    case auth(Auth)
    case disconnect(ReasonCode)

    init(_ frame: Frame, version: ProtocolVersion) throws {
        switch frame.type {
        case .connack: self = .connack(try Connack(frame, version: version))
        case .publish: self = .publish(ReceivedMessage(try PublishView(frame, version: version, sender: .server)))
        case .puback, .pubrec, .pubrel, .pubcomp: self = .acknowledgement(try Acknowledgement(frame, version: version))
        case .suback: self = .suback(try Suback(frame, version: version))
        case .unsuback: self = .unsuback(try Unsuback(frame, version: version))
        case .pingresp: self = .pingresp
        case .disconnect: self = .disconnect(try Disconnect(frame, version: version, sender: .server).reasonCode)
        case .auth: self = .auth(try Auth(frame, version: version, sender: .server))
        case .connect, .subscribe, .unsubscribe, .pingreq:
            throw ClientFailure.unexpected("a broker does not send \(frame.type) here")
        }
    }
}
