import Glibc
import Logging
import MQTTProtocol
import NIOCore
import NIOPosix

/// Opens a listener's sockets and puts the MQTT machinery on what they accept.
struct ListenerBinder {
    let group: MultiThreadedEventLoopGroup
    let loops: LoopDirectory
    let connections: ConnectionCounter
    let logger: Logger

    /// Binds one listener.
    ///
    /// - Returns: the bound channel, or `nil` for an optional listener on a machine without its address family.
    /// - Throws: ``BrokerError``.
    func bind(_ listener: Listener) async throws -> (any Channel)? {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: BrokerLimits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 512,
                    initial: BrokerLimits.readBytesInitial,
                    maximum: BrokerLimits.readBytesMax
                )
            )
            // One read is one batch: what has arrived by then is the next.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: BrokerLimits.writeBytesLow, high: BrokerLimits.writeBytesHigh)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try initialize(channel, listener) }
            }
        do {
            switch listener.endpoint {
            case .tcp(let host, let port):
                let tcp = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                if let host { return try await tcp.bind(host: host, port: port).get() }
                return try await bindEverywhere(tcp, port: port)
            case .unix(let path):
                return try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            }
        } catch {
            if listener.isOptional, Self.isMissingAddressFamily(error) { return nil }
            if (error as? IOError)?.errnoCode == EADDRINUSE { throw BrokerError.addressInUse(listener.endpoint) }
            throw BrokerError.listen(listener.endpoint, error)
        }
    }

    /// Every address of the machine: one socket for both families where IPv6 exists, else IPv4 alone.
    private func bindEverywhere(_ bootstrap: ServerBootstrap, port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch  where Self.isMissingAddressFamily(error) {
            return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
        }
    }

    private func initialize(_ channel: any Channel, _ listener: Listener) throws {
        let loop = loops.loop(of: channel.eventLoop)
        guard connections.admit(listener) else {
            throw ChannelError.ioOnClosedChannel
        }
        channel.closeFuture.whenComplete { _ in connections.leave(listener) }
        if let version = listener.proxyProtocolVersion.flatMap(ProxyHeader.Version.init) {
            let handler = ProxyHeaderHandler(version: version, timeout: listener.connectTimeout, logger: logger) {
                try configure($0, listener, loop, $1)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
        } else {
            try configure(channel, listener, loop, Peer(channel.remoteAddress))
        }
    }

    /// Makes the pipeline of a connection.
    ///
    /// - Parameter peer: who opened it; behind a proxy, whom the proxy named.
    private func configure(
        _ channel: any Channel,
        _ listener: Listener,
        _ loop: NIOLoopBound<BrokerLoop>,
        _ peer: Peer
    ) throws {
        let isCounted = try countsEarly(channel, listener, loop, peer)
        let add: @Sendable (any Channel, Peer, PresentedToken?) throws -> Void = { channel, peer, token in
            let handler = ConnectionHandler(loop: loop.value, listener: listener, peer: peer, token: token)
            handler.isCountedEarly = isCounted
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        let audit = loop.value.environment.audit
        try listener.tls?.addHandlers(to: channel, log: HandshakeHandler(peer: peer, logger: logger, audit: audit))
        switch listener.transport {
        case .mqtt: try add(channel, peer, nil)
        case .webSocket: try WebSocketUpgrade(listener: listener, peer: peer).configure(channel, addProtocol: add)
        }
    }

    /// Counts a WebSocket client for its address before its handshake, where no header can say later that it is elsewhere.
    ///
    /// - Returns: whether it is counted; if not, the connection does that when it is made.
    private func countsEarly(
        _ channel: any Channel,
        _ listener: Listener,
        _ loop: NIOLoopBound<BrokerLoop>,
        _ peer: Peer
    ) throws -> Bool {
        guard listener.transport == .webSocket, let address = peer.address else { return false }
        guard listener.trustedProxies?.contains(address) != true else { return false }
        let addresses = loop.value.environment.addresses
        if let refusal = addresses.opened(address, now: loop.value.now) {
            loop.value.turnAway(peer, listener, refusal)
            throw ChannelError.ioOnClosedChannel
        }
        channel.closeFuture.whenComplete { _ in addresses.closed(address, now: loop.value.now) }
        return true
    }

    private static func isMissingAddressFamily(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL
        case is SocketAddressError: true
        default: false
        }
    }
}
