import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Publishes a key set on a free port of this machine, over HTTP.
final class KeySetServer: Sendable {
    private struct State {
        var status = HTTPResponseStatus.ok
        var body: [UInt8] = []
        var headers: HTTPHeaders = [:]
        var requestCount = 0
    }

    private let state: Shared
    private let channel: any Channel

    private init(state: Shared, channel: any Channel) {
        self.state = state
        self.channel = channel
    }

    /// Runs `body` with a server that is gone afterwards.
    ///
    /// - Parameter port: the port of an earlier server; 0 for a free one.
    static func run(_ keySet: [UInt8], port: Int = 0, _ body: (KeySetServer) async throws -> Void) async throws {
        let state = Shared()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(state: state))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        let server = KeySetServer(state: state, channel: channel)
        server.publish(keySet)
        do {
            try await body(server)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    var url: String { "http://127.0.0.1:\(port)/keys" }

    var requestCount: Int { state.values.withLock { $0.requestCount } }

    /// What is answered from now on.
    func publish(_ keySet: [UInt8], status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:]) {
        state.values.withLock {
            $0.body = keySet
            $0.status = status
            $0.headers = headers
        }
    }

    private final class Shared: Sendable {
        let values = Mutex(State())
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let state: Shared

        init(state: Shared) {
            self.state = state
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let (status, body, fields) = state.values.withLock { state in
                state.requestCount += 1
                return (state.status, state.body, state.headers)
            }
            var headers = fields
            headers.add(name: "Content-Length", value: "\(body.count)")
            headers.add(name: "Connection", value: "close")
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                promise: nil
            )
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
