/// The opcode of a frame (RFC 6455, 5.2).
public enum WebSocketFrameKind: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10
}
