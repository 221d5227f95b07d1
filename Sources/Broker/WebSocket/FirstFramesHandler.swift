import NIOCore
import NIOWebSocket

/// Keeps the frames small of a WebSocket client that has not said who it is: the decoder holds a frame as a whole before anybody looks into it.
///
/// It stands in front of the decoder, looks at the header of each frame, passes frames on one by one, and leaves when the client is let in.
/// While a CONNECT is being decided frames of any size may follow it: reads are withheld then, so that one read is all that is held.
final class FirstFramesHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// How far the client has come.
    enum Admission {
        /// No CONNECT yet, or one that was refused.
        case outside
        /// Its CONNECT is being decided.
        case deciding
        case inside
    }

    private let payloadBytesMax: Int
    private let admission: () -> Admission
    /// The beginning of a header.
    private var unread = ByteBuffer()
    /// What is missing of the frame that is being passed on.
    private var frameBytesLeft = 0
    private var isOver = false

    init(payloadBytesMax: Int, admission: @escaping () -> Admission) {
        self.payloadBytesMax = payloadBytesMax
        self.admission = admission
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var bytes = unwrapInboundIn(data)
        if unread.readableBytes > 0 {
            unread.writeBuffer(&bytes)
            bytes = unread
            unread = ByteBuffer()
        }
        while bytes.readableBytes > 0 {
            // What was passed on may have changed it.
            let admission = admission()
            if admission == .inside { return leave(context: context, with: bytes) }
            if frameBytesLeft == 0 {
                guard let header = Self.header(bytes) else {
                    unread = bytes
                    return
                }
                frameBytesLeft = header.bytes + min(header.payloadBytes, Int.max - header.bytes)
            }
            if admission == .outside, frameBytesLeft > payloadBytesMax + Self.headerBytesMax {
                isOver = true
                return context.fireErrorCaught(NIOWebSocketError.invalidFrameLength)
            }
            guard let piece = bytes.readSlice(length: min(frameBytesLeft, bytes.readableBytes)) else { return }
            frameBytesLeft -= piece.readableBytes
            context.fireChannelRead(wrapInboundOut(piece))
        }
    }

    private func leave(context: ChannelHandlerContext, with bytes: ByteBuffer) {
        context.fireChannelRead(wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// The longest header (RFC 6455, 5.2): two bytes, eight of length, four of mask.
    private static let headerBytesMax = 14

    /// The length of a frame's header and of what follows it; `nil` while the header is incomplete.
    private static func header(_ bytes: ByteBuffer) -> (bytes: Int, payloadBytes: Int)? {
        let start = bytes.readerIndex
        guard let second: UInt8 = bytes.getInteger(at: start + 1) else { return nil }
        let maskBytes = second & 0x80 == 0 ? 0 : 4
        let header: (bytes: Int, payloadBytes: Int)
        switch second & 0x7F {
        case 126:
            guard let length: UInt16 = bytes.getInteger(at: start + 2) else { return nil }
            header = (4 + maskBytes, Int(length))
        case 127:
            guard let length: UInt64 = bytes.getInteger(at: start + 2) else { return nil }
            header = (10 + maskBytes, Int(clamping: length))
        case let length:
            header = (2 + maskBytes, Int(length))
        }
        return bytes.readableBytes < header.bytes ? nil : header
    }
}
