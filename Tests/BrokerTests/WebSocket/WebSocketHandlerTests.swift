import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import Broker

/// The handler by itself, in virtual time.
struct WebSocketHandlerTests {
    @Test func theServerPingsAtItsInterval() throws {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(WebSocketHandler(pingInterval: .seconds(30)))
        var counts: [Int] = []
        for _ in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(29))
            counts.append(try pings(channel))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            counts.append(try pings(channel))
        }
        #expect(counts == [0, 1, 0, 1, 0, 1])
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    private func pings(_ channel: EmbeddedChannel) throws -> Int {
        var count = 0
        while let frame = try channel.readOutbound(as: WebSocketFrame.self) {
            #expect(frame.opcode == .ping && frame.maskKey == nil)
            count += 1
        }
        return count
    }
}
