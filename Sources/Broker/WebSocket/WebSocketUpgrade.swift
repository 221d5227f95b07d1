import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The HTTP/1.1 front of a WebSocket listener: any path, subprotocol `mqtt` or `mqttv3.1` from a list, or none (MQTT 5.0, 6.0).
enum WebSocketUpgrade {
    /// The subprotocols that a client may ask for, in the order of preference.
    private static let subprotocols = ["mqtt", "mqttv3.1"]

    /// Puts HTTP with an upgrade to WebSocket in front of what `addProtocol` adds once a client has upgraded.
    static func configure(
        _ channel: any Channel,
        packetBytesMax: Int,
        addProtocol: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        let upgrader = NIOWebSocketServerUpgrader(
            // A client may put a whole packet into one frame.
            maxFrameSize: packetBytesMax,
            automaticErrorHandling: false,
            shouldUpgrade: { channel, head in channel.eventLoop.makeSucceededFuture(responseHeaders(to: head)) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WebSocketHandler())
                    try addProtocol(channel)
                }
            }
        )
        let answer = PlainRequestHandler()
        let bound = NIOLoopBound(answer, eventLoop: channel.eventLoop)
        let configuration = (
            upgraders: [upgrader],
            completionHandler: { @Sendable (context: ChannelHandlerContext) in
                context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
            }
        )
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withServerUpgrade: configuration)
        try channel.pipeline.syncOperations.addHandler(answer)
    }

    /// The headers of the answer, with the subprotocol chosen; `nil` refuses an upgrade that asks only for others.
    static func responseHeaders(to head: HTTPRequestHead) -> HTTPHeaders? {
        let asked = head.headers[canonicalForm: "Sec-WebSocket-Protocol"]
        guard !asked.isEmpty else { return HTTPHeaders() }
        guard let chosen = subprotocols.first(where: { name in asked.contains { $0 == name } }) else { return nil }
        return ["Sec-WebSocket-Protocol": chosen]
    }
}
