import Logging
import NIOCore

/// Reads the header of the PROXY protocol in front of everything else, and makes the rest of the pipeline once it is known who the client is.
///
/// A connection without a header, with a wrong one, or that does not send it in time is closed: a client that reaches the listener past its
/// proxy gets no further.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let version: ProxyHeader.Version
    private let logger: Logger
    private let whenKnown: (any Channel, Peer) throws -> Void
    private var unread = ByteBuffer()
    private var timeout: Scheduled<Void>?
    private let timeoutAmount: TimeAmount

    /// - Parameters:
    ///   - timeout: how long the header may take.
    ///   - whenKnown: adds the handlers of the listener.
    init(
        version: ProxyHeader.Version,
        timeout: TimeAmount,
        logger: Logger,
        whenKnown: @escaping (any Channel, Peer) throws -> Void
    ) {
        self.version = version
        timeoutAmount = timeout
        self.logger = logger
        self.whenKnown = whenKnown
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
        var bytes = unwrapInboundIn(data)
        unread.writeBuffer(&bytes)
        switch ProxyHeader.read(unread.readableBytesView, version) {
        case .incomplete:
            return
        case .malformed:
            logger.notice("Connection from \(Peer(context.channel.remoteAddress)) closed: no PROXY header.")
            context.close(promise: nil)
        case .complete(let header, let byteCount):
            unread.moveReaderIndex(forwardBy: byteCount)
            let peer =
                switch header {
                case .client(let address, let port): Peer(address, port: port)
                case .proxyItself: Peer(context.channel.remoteAddress)
                }
            do {
                try whenKnown(context.channel, peer)
            } catch {
                return context.close(promise: nil)
            }
            if unread.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(unread)) }
            unread.clear()
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
    }
}
