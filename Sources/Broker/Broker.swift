public import Logging
import MQTTProtocol
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import RetainedStore
public import ServiceLifecycle
import Synchronization

/// The broker: listeners, event loops, and a store between them.
///
/// It runs until its task is cancelled or its service group shuts down gracefully; then it stops listening, tells its clients, and returns. The store is
/// opened and closed by whoever made it.
public final class Broker: Service {
    private let configuration: BrokerConfiguration
    private let store: RetainedStore
    private let logger: Logger
    private let whenRunning: @Sendable ([Listener.Endpoint]) -> Void
    private let loops = Mutex<LoopDirectory?>(nil)
    private let refusalNotice = RefusalNotice()
    private let (events, eventContinuation) = AsyncStream.makeStream(of: Event.self)

    /// What ends a running broker.
    private enum Event: Sendable {
        case shutdown
        case storeFailed(StoreError)
    }

    /// - Parameters:
    ///   - configuration: At least one listener.
    ///   - store: Open, and for this broker alone.
    ///   - logger: Gets the lines that mosquitto would log.
    ///   - whenRunning: Called once, when every listener accepts connections, with where they listen, in the order of the configuration:
    ///     whoever asked for port 0 learns which port it became. Optional listeners that this machine has no addresses for are left out.
    public init(
        configuration: BrokerConfiguration,
        store: RetainedStore,
        logger: Logger,
        whenRunning: @escaping @Sendable ([Listener.Endpoint]) -> Void = { _ in }
    ) {
        precondition(!configuration.listeners.isEmpty, "a broker needs a listener")
        self.configuration = configuration
        self.store = store
        self.logger = logger
        self.whenRunning = whenRunning
    }

    /// Listens and serves until it is told to stop.
    ///
    /// - Throws: ``BrokerError`` when a listener cannot be opened, or when the store failed while the broker ran.
    public func run() async throws {
        let count = min(
            configuration.eventLoopCount > 0 ? configuration.eventLoopCount : System.coreCount,
            LoopSet.countMax
        )
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        do {
            try await serve(on: group, loopCount: count)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// Brings rules that were replaced in a ``SecurityDomain`` to every connection and subscription.
    public func securityChanged() {
        guard let loops = loops.withLock({ $0 }) else { return }
        for number in 0..<loops.count {
            loops.execute(on: number) { $0.securityChanged() }
        }
    }

    /// Returns when every event loop has had a turn: what a watchdog asks before it says that the broker lives.
    ///
    /// - Returns: Whether there are loops, which is so from the moment that listeners open until the broker ends.
    public func everyLoopAnswers() async -> Bool {
        guard let loops = loops.withLock({ $0 }) else { return false }
        return (try? await loops.onEach { _ in }) != nil
    }

    /// Has one event loop clear a batch of topics; `nil` where there are no loops.
    func clear(_ topics: [[UInt8]]) async -> PublishBatch.Outcome? {
        await withCheckedContinuation { continuation in
            // Under the lock, so that the loop has it before it is told to end.
            let isQueued = loops.withLock { directory in
                directory?.execute(on: 0) { continuation.resume(returning: $0.clearRetained(topics)) }
                return directory != nil
            }
            if !isQueued { continuation.resume(returning: nil) }
        }
    }

    /// Returns when the store's records up to an LSN are durable.
    func durable(through lsn: UInt64) async throws(StoreError) {
        try await store.durable(through: lsn)
    }

    private func serve(on group: MultiThreadedEventLoopGroup, loopCount: Int) async throws {
        let authenticator = Authenticator()
        defer { authenticator.shutDown() }
        let archive = try readSessions()
        let directory = try await startLoops(group, count: loopCount, authenticator, archive)
        loops.withLock { $0 = directory }
        // Before anybody can publish: an acknowledgement that waits for the journal must hear of it.
        store.onProgress { [weak self] in self?.storeProgressed($0) }
        let channels = try await listen(group, directory)
        whenRunning(zip(configuration.listeners, channels).compactMap { $1.map($0.endpoint.bound(to:)) })
        configuration.audit?(AuditEvent(.start).with("version", configuration.version))
        defer { configuration.audit?(AuditEvent(.stop)) }
        let event = await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                let event = await events.first { _ in true }
                if case .storeFailed(let error) = event { await outlastFailure(error, group) }
                return event
            } onCancel: {
                eventContinuation.yield(.shutdown)
            }
        } onGracefulShutdown: {
            self.eventContinuation.yield(.shutdown)
        }
        for case let channel? in channels {
            try? await channel.close()
        }
        loops.withLock { $0 = nil }
        try await directory.onEach { $0.shutDown() }
        if case .storeFailed(let error) = event { throw BrokerError.storeFailed(error) }
    }

    /// Says that the store has failed, and lets what needs no store go on for a while, or until somebody ends the broker.
    private func outlastFailure(_ error: StoreError, _ group: MultiThreadedEventLoopGroup) async {
        logger.critical(
            "the store failed: \(error); no retained message is acknowledged any more, and the broker ends in \(BrokerLimits.storeFailureGrace.nanoseconds / 1_000_000_000) seconds"
        )
        let end = group.next().scheduleTask(in: BrokerLimits.storeFailureGrace) { [eventContinuation] in
            _ = eventContinuation.yield(.shutdown)
        }
        _ = await events.first { _ in true }
        end.cancel()
    }

    /// Called by the store's threads; a broker that has ended has no loops to tell.
    private func storeProgressed(_ progress: StoreProgress) {
        guard let directory = loops.withLock({ $0 }) else { return }
        switch progress {
        case .durable: directory.journalProgressed()
        case .relieved: storeRelieved(directory)
        case .failed(let error): eventContinuation.yield(.storeFailed(error))
        }
    }

    /// Once for the broker: a loop that heard of it late must not take back what was said of a later refusal.
    private func storeRelieved(_ directory: LoopDirectory) {
        if case .healthy = store.statistics.health, refusalNotice.takeBack() {
            logger.notice("retained messages are taken again")
        }
        for number in 0..<directory.count { directory.execute(on: number) { $0.storeRelieved() } }
    }

    private func startLoops(
        _ group: MultiThreadedEventLoopGroup,
        count: Int,
        _ authenticator: Authenticator,
        _ archive: SessionArchive?
    ) async throws -> LoopDirectory {
        let router = Router(loopCount: count)
        let environment = BrokerLoop.Environment(
            router: router,
            store: store,
            sessionsMax: configuration.sessionsMax,
            areConnectionsLogged: configuration.areConnectionsLogged,
            logger: logger,
            authenticator: authenticator,
            addresses: AddressRegister(
                limits: configuration.addressLimits,
                publicLimits: configuration.publicAddressLimits
            ),
            addressAccounts: AddressAccounts(
                limits: configuration.addressLimits,
                publicLimits: configuration.publicAddressLimits
            ),
            users: AccountRegister(limits: configuration.userLimits),
            slowedSecondsMax: configuration.slowedSecondsMax,
            refusalNotice: refusalNotice,
            retainedQuotas: RetainedQuotas(limits: configuration.retainedLimits),
            audit: configuration.audit,
            systemTopics: SystemTopics(),
            systemIntervalSeconds: configuration.systemIntervalSeconds,
            version: configuration.version,
            areSessionsKept: configuration.areSessionsKept,
            recordNumbers: RecordNumbers(after: archive?.recordNumberMax ?? 0)
        )
        var started: [(any EventLoop, NIOLoopBound<BrokerLoop>, JournalWatch)] = []
        for eventLoop in group.makeIterator() {
            let number = started.count
            let (bound, watch) = try await eventLoop.submit {
                let loop = try BrokerLoop(number: number, eventLoop: eventLoop, environment: environment)
                return (NIOLoopBound(loop, eventLoop: eventLoop), loop.journalWatch)
            }.get()
            started.append((eventLoop, bound, watch))
        }
        let directory = LoopDirectory(started)
        try await directory.onEach { $0.directory = directory }
        if let archive { try await restore(archive, router, directory) }
        try await directory.onEach { $0.start() }
        return directory
    }

    /// Reads the sessions that an earlier broker has left in the store.
    private func readSessions() throws -> SessionArchive? {
        guard configuration.areSessionsKept else { return nil }
        let archive = try SessionArchive(try store.makeReader(), now: store.nowMilliseconds)
        if let damage = archive.firstDamage {
            logger.error(
                """
                \(archive.damagedCount) records of clients' sessions are damaged and were passed over, the first: \(damage); \
                run latch verify on the store
                """
            )
        }
        if archive.unknownCount > 0 {
            logger.error(
                "\(archive.unknownCount) records of clients' sessions are of a later version and were passed over"
            )
        }
        return archive
    }

    /// Gives every session a loop, and the first loop what is left of others.
    private func restore(_ archive: SessionArchive, _ router: Router, _ directory: LoopDirectory) async throws {
        var shares = [[(entry: SessionArchive.Entry, handle: SubscriberHandle)]](
            repeating: [],
            count: directory.count
        )
        for (position, entry) in archive.sessions.enumerated() {
            let home = position % directory.count
            let handle = router.withLock { $0.places.insert(clientID: entry.clientID, home: home) }
            shares[home].append((entry, handle))
        }
        let listeners = configuration.listeners
        for number in 0..<directory.count {
            let share = shares[number]
            let remains = number == 0 ? archive.remains : []
            try await directory.run(on: number) { $0.restore(share, remains: remains, listeners: listeners) }
        }
    }

    private func listen(_ group: MultiThreadedEventLoopGroup, _ directory: LoopDirectory) async throws -> [(
        any Channel
    )?] {
        let binder = ListenerBinder(
            group: group,
            loops: directory,
            connections: ConnectionCounter(countMax: configuration.connectionsMax),
            logger: logger
        )
        var channels: [(any Channel)?] = []
        do {
            for listener in configuration.listeners {
                logOpening(listener)
                channels.append(try await binder.bind(listener))
            }
        } catch {
            for case let channel? in channels { try? await channel.close() }
            throw error
        }
        return channels
    }

    /// mosquitto's line, which scripts wait for.
    private func logOpening(_ listener: Listener) {
        switch listener.endpoint {
        case .tcp(let host, let port):
            let family = host?.contains(":") == true ? "ipv6" : "ipv4"
            let kind = listener.transport == .webSocket ? "websockets" : family
            logger.info("Opening \(kind) listen socket on port \(port).")
        case .unix(let path):
            logger.info("Opening unix listen socket on path \(path).")
        }
    }
}

extension Listener.Endpoint {
    /// The endpoint with the port that a bound channel has.
    fileprivate func bound(to channel: any Channel) -> Listener.Endpoint {
        switch self {
        case .tcp(let host, let port): .tcp(host: host, port: channel.localAddress?.port ?? port)
        case .unix: self
        }
    }
}
