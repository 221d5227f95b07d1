@testable import Broker
import NIOCore
import NIOEmbedded
import NIOWebSocket

/// WebSocket framing: what a client sends behind its upgrade, in pieces whose length the first byte says.
enum WebSocketFuzzing {
    static func read(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 16)))
            try pipeline.addHandler(WebSocketHandler())
        } catch {
            preconditionFailure("\(error)")
        }
        var rest = bytes[1...]
        let pieceBytes = Int(first) + 1
        while !rest.isEmpty, channel.isActive || rest.count == bytes.count - 1 {
            let piece = rest.prefix(pieceBytes)
            rest = rest.dropFirst(piece.count)
            // An error ends the connection, as it does in the broker.
            do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch { break }
        }
        var readableBytes = 0
        while let buffer = try? channel.readInbound(as: ByteBuffer.self) { readableBytes += buffer.readableBytes }
        precondition(readableBytes < max(1, bytes.count), "more bytes came out than went in")
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
