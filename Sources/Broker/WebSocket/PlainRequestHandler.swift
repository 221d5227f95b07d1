import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers an HTTP request that is no WebSocket upgrade, so that a browser or a health probe gets a sentence and not silence.
///
/// It stands in the pipeline until the upgrade, and ends a connection that does not get that far in time.
final class PlainRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var timeout: Scheduled<Void>?
    private let timeoutAmount: TimeAmount
    private let isAdmitted: (HTTPRequestHead) -> Bool
    private var isForbidden = false

    /// - Parameters:
    ///   - timeout: how long the handshake may take.
    ///   - isAdmitted: whether a request's origin may connect at all.
    init(timeout: TimeAmount, isAdmitted: @escaping (HTTPRequestHead) -> Bool) {
        timeoutAmount = timeout
        self.isAdmitted = isAdmitted
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: timeoutAmount) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        timeout = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): isForbidden = !isAdmitted(head)
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        let body = ByteBuffer(
            string: isForbidden
                ? "Connections from this origin are not allowed.\n"
                : "This is an MQTT broker: connect with a WebSocket client, subprotocol mqtt.\n"
        )
        // RFC 9110, 15.5.22: 426 names the protocol to upgrade to.
        let headers: HTTPHeaders = [
            "Connection": "close, Upgrade",
            "Upgrade": "websocket",
            // RFC 6455, 4.4: what the server speaks, for a client that asked for another version.
            "Sec-WebSocket-Version": "13",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": String(body.readableBytes),
        ]
        let status: HTTPResponseStatus = isForbidden ? .forbidden : .upgradeRequired
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An upgrade that cannot be is followed by its request, which gets an answer.
        if error is NIOWebSocketUpgradeError { return }
        context.close(promise: nil)
    }
}
