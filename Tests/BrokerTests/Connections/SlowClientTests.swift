import BrokerTesting
import Logging
import NIOCore
import NIOEmbedded
import RetainedStore
import Testing

@testable import Broker

/// Clients that hold a place and never get to the point: each ends by a timeout that no byte prolongs.
struct SlowClientTests {
    private let listener = Listener(
        endpoint: .tcp(host: nil, port: 1),
        transport: .webSocket,
        security: SecurityDomain(BrokerSetup().policy)
    )

    private func logger() -> Logger { Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() } }

    /// Sends a byte every ten seconds, and expects the end after thirty.
    private func dribble(_ text: String, into channel: EmbeddedChannel) throws {
        for byte in text.utf8.prefix(3) {
            #expect(channel.isActive)
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        }
        #expect(!channel.isActive)
        _ = try? channel.finish()
    }

    private func connected() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func aWebSocketHandshakeWithoutEnd() throws {
        let channel = try connected()
        try WebSocketUpgrade(listener: listener, peer: Peer(nil)).configure(channel) { _, _, _ in }
        try dribble("GET / HTTP/1.1\r\n", into: channel)
    }

    @Test func aProxyHeaderWithoutEnd() throws {
        let channel = try connected()
        try channel.pipeline.syncOperations.addHandler(
            ProxyHeaderHandler(version: .text, timeout: listener.connectTimeout, logger: logger()) { _, _ in
                Issue.record("a header of three bytes")
            }
        )
        try dribble("PROXY TCP4", into: channel)
    }

    @Test func aConnectThatNeverComes() async throws {
        try await BrokerHarness.run { broker in try checkConnect(broker.store) }
    }

    /// The embedded event loop belongs to one thread, so nothing here may wait.
    private func checkConnect(_ store: RetainedStore) throws {
        let channel = try connected()
        let authenticator = Authenticator()
        defer { authenticator.shutDown() }
        let environment = BrokerLoop.Environment(
            router: Router(loopCount: 1),
            store: store,
            areConnectionsLogged: true,
            logger: logger(),
            authenticator: authenticator,
            addresses: AddressRegister(limits: AddressLimits(), publicLimits: AddressLimits())
        )
        let loop = try BrokerLoop(number: 0, eventLoop: channel.embeddedEventLoop, environment: environment)
        let handler = ConnectionHandler(loop: loop, listener: listener, peer: Peer(nil))
        try channel.pipeline.syncOperations.addHandler(handler)
        // The beginning of a CONNECT.
        try dribble("\u{10}\u{7F}\u{00}", into: channel)
    }
}
