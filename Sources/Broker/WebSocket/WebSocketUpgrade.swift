import MQTTProtocol
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The HTTP/1.1 front of a WebSocket listener: any path, subprotocol `mqtt` or `mqttv3.1` from a list, or none (MQTT 5.0, 6.0).
struct WebSocketUpgrade {
    /// The subprotocols that a client may ask for, in the order of preference.
    private static let subprotocols = ["mqtt", "mqttv3.1"]

    let listener: Listener
    /// Who opened the connection.
    let peer: Peer

    /// Puts HTTP with an upgrade to WebSocket in front of what `addProtocol` adds once a client has upgraded.
    func configure(
        _ channel: any Channel,
        addProtocol: @escaping @Sendable (any Channel, Peer, PresentedToken?) throws -> Void
    ) throws {
        let upgrader = NIOWebSocketServerUpgrader(
            // A client may put a whole packet into one frame.
            maxFrameSize: listener.limits.packetBytesMax,
            automaticErrorHandling: false,
            shouldUpgrade: { [listener] channel, head in
                let headers = listener.admits(head) ? Self.responseHeaders(to: head) : nil
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { [self] channel, head in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WebSocketHandler())
                    try addProtocol(channel, client(head), token(head))
                    try Self.boundFirstFrames(channel)
                }
            }
        )
        let answer = PlainRequestHandler(timeout: listener.connectTimeout) { [listener] in listener.admits($0) }
        let bound = NIOLoopBound(answer, eventLoop: channel.eventLoop)
        let configuration = (
            upgraders: [upgrader],
            completionHandler: { @Sendable (context: ChannelHandlerContext) in
                context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
            }
        )
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = BrokerLimits.requestHeaderBytesMax
        limits.maxHeaderListSize = BrokerLimits.requestHeaderBytesMax
        limits.maxHeaderFieldCount = BrokerLimits.requestHeaderCountMax
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: configuration,
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits
        )
        try channel.pipeline.syncOperations.addHandler(answer)
    }

    /// Puts a bound on what is buffered of a client that is not let in yet.
    private static func boundFirstFrames(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<WebSocketFrameDecoder>.self)
        let connection = try pipeline.handler(type: ConnectionHandler.self)
        let bound = FirstFramesHandler(payloadBytesMax: BrokerLimits.connectBytesMax) { connection.admission }
        try pipeline.addHandler(bound, position: .before(decoder))
    }

    /// The token of a request, where tokens are taken.
    private func token(_ head: HTTPRequestHead) -> PresentedToken? {
        listener.security.current.tokens.flatMap { PresentedToken(head.headers, $0) }
    }

    /// Where the client of a request is.
    private func client(_ head: HTTPRequestHead) -> Peer {
        guard let proxies = listener.trustedProxies else { return peer }
        return proxies.client(of: peer, values: head.headers[proxies.header.rawValue])
    }

    /// The headers of the answer, with the subprotocol chosen; `nil` refuses an upgrade that asks only for others.
    static func responseHeaders(to head: HTTPRequestHead) -> HTTPHeaders? {
        let asked = head.headers[canonicalForm: "Sec-WebSocket-Protocol"]
        guard !asked.isEmpty else { return HTTPHeaders() }
        guard let chosen = subprotocols.first(where: { name in asked.contains { $0 == name } }) else { return nil }
        return ["Sec-WebSocket-Protocol": chosen]
    }
}

extension Listener {
    /// Whether a request comes from an origin that may connect (RFC 6455, 10.2); a client that names none is no browser of an allowed page.
    fileprivate func admits(_ head: HTTPRequestHead) -> Bool {
        allowedOrigins.isEmpty || head.headers["Origin"].first.map(allowedOrigins.contains) == true
    }
}
