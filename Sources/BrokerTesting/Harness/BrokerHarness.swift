public import Broker
import Logging
public import MQTTProtocol
public import MQTTWire
public import RetainedStore

/// A real broker on a real store in a temporary directory, listening on free ports of the loopback interface: the first for MQTT, the second for WebSocket.
public final class BrokerHarness: Sendable {
    public let store: RetainedStore
    public let security: SecurityDomain
    /// Where MQTT is spoken directly.
    public let port: Int
    /// Where it is spoken in WebSocket frames.
    public let webSocketPort: Int
    public let broker: Broker
    private let running: Task<Void, any Error>
    private let kept: KeptStore

    /// Runs `body` against a broker of its own, which is gone afterwards.
    ///
    /// - Parameter kept: the store of a broker that was there before; nil for a new one.
    /// - Throws: what `body`, the broker or its store throws.
    public static func run(
        _ setup: BrokerSetup = BrokerSetup(),
        on kept: KeptStore? = nil,
        _ body: (BrokerHarness) async throws -> Void
    ) async throws {
        guard !BrokerSlots.isHeld else { return try await runNow(setup, on: kept, body) }
        await BrokerSlots.shared.acquire()
        let result: Result<Void, any Error>
        do {
            result = .success(
                try await BrokerSlots.$isHeld.withValue(true) { try await runNow(setup, on: kept, body) }
            )
        } catch {
            result = .failure(error)
        }
        await BrokerSlots.shared.release()
        try result.get()
    }

    private static func runNow(
        _ setup: BrokerSetup,
        on kept: KeptStore?,
        _ body: (BrokerHarness) async throws -> Void
    ) async throws {
        let harness = try await BrokerHarness(setup, kept ?? KeptStore())
        do {
            try await body(harness)
        } catch {
            try? await harness.stop()
            throw error
        }
        try await harness.stop()
    }

    private init(_ setup: BrokerSetup, _ kept: KeptStore) async throws {
        self.kept = kept
        let options = StoreOptions(location: kept.location, limits: setup.storeLimits)
        if !RetainedStore.exists(at: kept.location) {
            try RetainedStore.create(options, masterKey: kept.masterKey).close()
        }
        let store =
            if setup.losesUnsyncedWrites {
                try RetainedStore.openLosingUnsyncedWrites(options, masterKey: kept.masterKey)
            } else if let gate = setup.syncGate {
                try RetainedStore.open(options, masterKey: kept.masterKey, disk: GatedDisk(gate))
            } else {
                try RetainedStore.open(options, masterKey: kept.masterKey)
            }
        let security = SecurityDomain(setup.policy)
        let listeners = [Listener.Transport.mqtt, .webSocket].map { transport in
            var listener = Listener(
                endpoint: .tcp(host: "127.0.0.1", port: 0),
                transport: transport,
                security: security,
                limits: setup.limits
            )
            // Tests of it set their own; on a busy machine the others must not meet it.
            listener.connectTimeoutSeconds = 600
            setup.editListener(&listener)
            return listener
        }
        let (opened, opening) = AsyncThrowingStream.makeStream(of: [Int].self)
        var configuration = BrokerConfiguration(listeners: listeners, eventLoopCount: setup.eventLoopCount)
        configuration.addressLimits = setup.addressLimits
        configuration.publicAddressLimits = setup.addressLimits
        configuration.userLimits = setup.userLimits
        configuration.retainedLimits = setup.retainedLimits
        configuration.audit = setup.audit
        configuration.slowedSecondsMax = setup.slowedSecondsMax
        configuration.connectionsMax = setup.connectionsMax
        configuration.sessionsMax = setup.sessionsMax
        configuration.areSessionsKept = setup.areSessionsKept
        configuration.systemIntervalSeconds = setup.systemIntervalSeconds
        let broker = Broker(
            configuration: configuration,
            store: store,
            logger: Logger(label: "broker") { [log = setup.log] _ in LineLogHandler(write: log) },
            whenRunning: { opening.yield($0.map { Listener(endpoint: $0, transport: .mqtt, security: security).port }) }
        )
        let running = Task {
            do {
                try await broker.run()
                opening.finish()
            } catch {
                opening.finish(throwing: error)
                throw error
            }
        }
        guard let ports = try await opened.first(where: { _ in true }) else { throw ClientFailure.closed }
        self.store = store
        self.security = security
        self.broker = broker
        self.running = running
        port = ports[0]
        webSocketPort = ports[1]
    }

    private func stop() async throws {
        running.cancel()
        try await running.value
        try store.close()
    }

    /// Puts other rules in force, as SIGHUP does.
    public func replaceRules(_ rules: AccessRules) {
        var policy = security.current
        policy.rules = rules
        security.replace(policy)
        broker.securityChanged()
    }

    /// A connection that has said nothing yet.
    ///
    /// - Parameters:
    ///   - version: how what arrives is read.
    ///   - isReading: whether bytes are taken from the socket from the start.
    public func open(_ version: ProtocolVersion = .v50, isReading: Bool = true) async throws -> MQTTClient {
        MQTTClient(try await ByteStream.connect(port: port, isReading: isReading), version: version)
    }

    /// A connection to the WebSocket listener, before its handshake.
    public func openWebSocket() async throws -> WebSocketClient {
        WebSocketClient(try await ByteStream.connect(port: webSocketPort, isReading: true))
    }

    /// A client that the broker has let in.
    ///
    /// - Parameter edit: changes the CONNECT.
    public func connect(
        _ clientIdentifier: String,
        _ version: ProtocolVersion = .v50,
        isCleanStart: Bool = true,
        edit: @Sendable (inout Connect) -> Void = { _ in }
    ) async throws -> MQTTClient {
        let client = try await open(version)
        let connack = try await client.connect(clientIdentifier, isCleanStart: isCleanStart, edit: edit)
        guard connack.reasonCode == .success else { throw ClientFailure.unexpected("\(connack)") }
        return client
    }
}
