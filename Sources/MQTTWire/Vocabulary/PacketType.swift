/// The type of a control packet: the upper four bits of its first byte (2.1.2 MQTT Control Packet type).
@frozen
public enum PacketType: UInt8, Sendable, Hashable, CaseIterable {
    case connect = 1
    case connack = 2
    case publish = 3
    case puback = 4
    case pubrec = 5
    case pubrel = 6
    case pubcomp = 7
    case subscribe = 8
    case suback = 9
    case unsubscribe = 10
    case unsuback = 11
    case pingreq = 12
    case pingresp = 13
    case disconnect = 14
    /// 5.0 only; reserved in 3.1 and 3.1.1.
    case auth = 15
}
