import NIOCore
import NIOPosix

/// A TCP connection to a broker on this machine, as bytes.
struct ByteStream: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    static func connect(port: Int, isReading: Bool) async throws -> ByteStream {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: isReading)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return ByteStream(channel: channel, inbox: inbox)
    }

    /// Sends without waiting for the socket to take it.
    func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Begins to read from the socket.
    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func receive() async throws -> ByteBuffer {
        try await inbox.receive(on: channel.eventLoop)
    }

    func close() async {
        try? await channel.close().get()
    }
}
