import NIOCore
import NIOWebSocket

/// Turns WebSocket frames into the MQTT byte stream and back (MQTT 5.0, 6.0).
///
/// MQTT packets may span or share frames [MQTT-6.0.0-2], so nothing is reassembled here: the bytes of every data frame go on as they
/// come. A text frame is refused with 1003 [MQTT-6.0.0-1], an unmasked one with 1002 (RFC 6455, 5.1).
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    /// The closing handshake, as seen from this side.
    private enum State {
        /// Frames flow. → `closeSent` when a fault is found, → `closed` when the peer's Close was answered.
        case open
        /// Our Close is out; the peer's answer ends the connection.
        case closeSent
        /// Both Closes are out.
        case closed
    }

    private var state = State.open
    private var isInsideMessage = false
    private var pings: RepeatedTask?
    private let pingInterval: TimeAmount

    init(pingInterval: TimeAmount = BrokerLimits.webSocketPingInterval) {
        self.pingInterval = pingInterval
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        pings = context.eventLoop.scheduleRepeatedTask(initialDelay: pingInterval, delay: pingInterval) { _ in
            let (handler, context) = bound.value
            handler.sendPing(context: context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        pings?.cancel()
        pings = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard state != .closed else { return }
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return fail(context: context, .protocolError)
        }
        switch frame.opcode {
        case .binary where !isInsideMessage, .continuation where isInsideMessage:
            isInsideMessage = !frame.fin
            guard state == .open else { return }
            context.fireChannelRead(wrapInboundOut(frame.unmaskedData))
        case .text:
            fail(context: context, .unacceptableData)
        case .ping where frame.fin:
            guard state == .open else { return }
            send(context: context, opcode: .pong, data: frame.unmaskedData)
        case .pong where frame.fin:
            break
        case .connectionClose:
            closeReceived(context: context, data: frame.unmaskedData)
        default:
            fail(context: context, .protocolError)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard state == .open else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(
            wrapOutboundOut(WebSocketFrame(fin: true, opcode: .binary, data: unwrapOutboundIn(data))),
            promise: promise
        )
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if state == .open, mode != .input {
            sendClose(context: context, .normalClosure)
        }
        context.close(mode: mode, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            fail(context: context, .messageTooLarge)
        case is NIOWebSocketError:
            fail(context: context, .protocolError)
        default:
            context.fireErrorCaught(error)
        }
    }

    private func closeReceived(context: ChannelHandlerContext, data: ByteBuffer) {
        if state == .open {
            // RFC 6455, 5.5.1: the answer typically echoes the status code it received.
            let code = data.getSlice(at: data.readerIndex, length: min(2, data.readableBytes)) ?? ByteBuffer()
            send(context: context, opcode: .connectionClose, data: code.readableBytes == 2 ? code : ByteBuffer())
        }
        state = .closed
        context.close(promise: nil)
    }

    private func fail(context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        guard state == .open else { return }
        sendClose(context: context, code)
        context.close(promise: nil)
    }

    private func sendClose(context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        send(context: context, opcode: .connectionClose, data: data)
        state = .closeSent
    }

    private func sendPing(context: ChannelHandlerContext) {
        guard state == .open else { return }
        send(context: context, opcode: .ping, data: ByteBuffer())
    }

    private func send(context: ChannelHandlerContext, opcode: WebSocketOpcode, data: ByteBuffer) {
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }
}
