/// A frame that a server sent.
public struct ReceivedFrame: Sendable, Equatable {
    public let kind: WebSocketFrameKind
    public let isFinal: Bool
    public let payload: [UInt8]

    public init(kind: WebSocketFrameKind, isFinal: Bool = true, payload: [UInt8]) {
        self.kind = kind
        self.isFinal = isFinal
        self.payload = payload
    }
}
