import Logging
import NIOCore
import NIOTLS

/// Ends a connection whose TLS handshake fails, and says so: whoever stands at the door without a key is of interest to fail2ban.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let peer: Peer
    private let logger: Logger
    private let audit: (@Sendable (AuditEvent) -> Void)?

    init(peer: Peer, logger: Logger, audit: (@Sendable (AuditEvent) -> Void)?) {
        self.audit = audit
        self.peer = peer
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let line = ConnectionEnd.handshakeFailed.logLine(
            client: "<unknown>",
            address: "\(peer)"
        )
        logger.notice("\(line)")
        audit?(AuditEvent(.handshakeFailed).with("address", "\(peer)"))
        context.close(promise: nil)
    }
}
