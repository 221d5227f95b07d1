@testable import Broker
import NIOCore
import NIOEmbedded
import NIOWebSocket

/// WebSocket framing: what a client sends behind its upgrade. The first byte says how long the pieces are in which it arrives, the second
/// after how many of them the client is let in.
enum WebSocketFuzzing {
    static func read(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 2 else { return }
        let (pieceBytes, outsideCount) = (Int(bytes[0]) + 1, Int(bytes[1]))
        var pieceCount = 0
        let bound = FirstFramesHandler(payloadBytesMax: 128) { pieceCount > outsideCount ? .inside : .outside }
        let channel = EmbeddedChannel()
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(bound)
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 16)))
            try pipeline.addHandler(WebSocketHandler())
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch {
            preconditionFailure("\(error)")
        }
        var rest = bytes[2...]
        while !rest.isEmpty, channel.isActive {
            let piece = rest.prefix(pieceBytes)
            rest = rest.dropFirst(piece.count)
            pieceCount += 1
            // An error ends the connection, as it does in the broker.
            do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch { break }
        }
        check(channel, bytesIn: bytes.count - 2)
        channel.embeddedEventLoop.advanceTime(by: .minutes(10))
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Every answer is a small frame without a mask (RFC 6455, 5.1), and no byte comes out that did not go in.
    private static func check(_ channel: EmbeddedChannel, bytesIn: Int) {
        var readableBytes = 0
        while let buffer = try? channel.readInbound(as: ByteBuffer.self) { readableBytes += buffer.readableBytes }
        precondition(readableBytes <= bytesIn, "more bytes came out than went in")
        var writtenBytes = 0
        while let buffer = try? channel.readOutbound(as: ByteBuffer.self) { writtenBytes += buffer.readableBytes }
        precondition(writtenBytes <= bytesIn + 4, "the answers are longer than what was asked")
    }
}
