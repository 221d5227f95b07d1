import Logging
import MQTTProtocol
import MQTTWire
import NIOCore
import RetainedStore

/// One event loop's part of the broker: the sessions that live here, the connections that read here, and the loop's own way into the store.
///
/// ### Ownership
/// Everything is touched on this event loop only. Other loops leave publications and messages in the mailbox (``Router``), one wake-up for each batch; the
/// journal's thread says through ``journalProgressed()`` how far it is durable.
final class BrokerLoop {
    /// What all loops share.
    struct Environment: Sendable {
        let router: Router
        let store: RetainedStore
        /// Sessions of clients, connected or not, at the most; `nil` for no limit.
        var sessionsMax: Int?
        let areConnectionsLogged: Bool
        let logger: Logger
        let authenticator: Authenticator
        let addresses: AddressRegister
        var addressAccounts = AddressAccounts(limits: AddressLimits(), publicLimits: AddressLimits())
        var users = AccountRegister(limits: AccountLimits())
        /// How long a client that publishes too fast is slowed before it is ended; `nil`: for ever.
        var slowedSecondsMax: Int?
        var refusalNotice = RefusalNotice()
        /// What each namespace may retain; `nil` where nothing is limited.
        var retainedQuotas: RetainedQuotas?
        /// Hears of security events.
        var audit: (@Sendable (AuditEvent) -> Void)?
        /// The current values of `$SYS`.
        var systemTopics = SystemTopics()
        /// How often they are published, in seconds; 0 for never.
        var systemIntervalSeconds = 0
        /// The program's name and version.
        var version = ""
        /// Whether sessions that outlive their connections outlive the broker.
        var areSessionsKept = false
        /// Numbers what is written down of them.
        var recordNumbers = RecordNumbers()
    }

    let number: Int
    let eventLoop: any EventLoop
    let environment: Environment
    let writer: StoreWriter
    let reader: StoreReader
    /// Through it the journal's thread knows that this loop waits.
    let journalWatch = JournalWatch()
    var directory: LoopDirectory?

    // Both belong to this event loop and are touched for every message; no call that changes one leads back to it.
    /// The publications of the read that is being decoded.
    @exclusivity(unchecked) var batch = PublishBatch()
    /// The sessions that live here, by the index of their handle.
    @exclusivity(unchecked) var sessions = SessionTable()
    /// What this loop has seen.
    @exclusivity(unchecked) var counters = LoopCounters()
    /// What is to be written down of the sessions that outlive the broker.
    @exclusivity(unchecked) var journal = SessionJournal()
    /// Publishes `$SYS`, on the first loop.
    var systemPublisher: SystemPublisher?
    /// Connections that wait for a session to come from another loop.
    var claims: [ClaimRequest: ConnectionHandler] = [:]
    /// The sessions whose clients are absent.
    var away: [SubscriberHandle: LoopSession] = [:]
    /// Wills whose time has come, published at the end of the turn.
    var dueWills: [PendingWill] = []
    var isFinishingTurn = false
    /// Taken from the mailbox and used again.
    var routed: [RoutedPublication] = []
    var messages: [LoopMessage] = []

    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
    private var unflushed: [ConnectionHandler] = []
    private var awaitingJournal: [ConnectionHandler] = []
    private var housekeeping: RepeatedTask?
    private(set) var isShuttingDown = false

    var router: Router { environment.router }
    var logger: Logger { environment.logger }

    /// - Throws: what the store throws when it has no room for another writer or reader.
    init(number: Int, eventLoop: any EventLoop, environment: Environment) throws(StoreError) {
        self.number = number
        self.eventLoop = eventLoop
        self.environment = environment
        writer = try environment.store.makeWriter()
        reader = try environment.store.makeReader()
    }

    /// Begins its periodic work, once all loops have their sessions.
    func start() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        housekeeping = eventLoop.scheduleRepeatedTask(
            initialDelay: BrokerLimits.housekeepingInterval,
            delay: BrokerLimits.housekeepingInterval
        ) { _ in
            bound.value.keepHouse()
        }
        if number == 0, environment.systemIntervalSeconds > 0 {
            systemPublisher = SystemPublisher(loop: self)
            systemPublisher?.start(everySeconds: environment.systemIntervalSeconds)
        }
        // The wills that came due while no broker was there, before any client is.
        keepHouse()
    }

    /// Ends every connection, telling 5.0 clients why, and lets go of the sessions.
    func shutDown() {
        isShuttingDown = true
        housekeeping?.cancel()
        housekeeping = nil
        systemPublisher?.stop()
        systemPublisher = nil
        for connection in connections.values {
            connection.fail(.serverShuttingDown, .serverShuttingDown)
        }
        publishWillsOfEndingSessions()
        finishTurn()
        directory = nil
    }

    // MARK: Time

    /// Monotonic milliseconds, for every deadline of the protocol.
    var now: UInt64 { NIODeadline.now().uptimeNanoseconds / 1_000_000 }

    /// Milliseconds since 1970, for what is stored and what expires: the store's, which never run backwards.
    var unixMilliseconds: UInt64 { environment.store.nowMilliseconds }

    /// Seconds since 1970.
    var unixSeconds: UInt64 { unixMilliseconds / 1000 }

    // MARK: Connections

    func connectionOpened(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = connection
        counters.sockets += 1
        if environment.areConnectionsLogged {
            logger.notice("New connection from \(connection.peer) on port \(connection.listener.port).")
        }
        if isShuttingDown { return connection.close(.serverShuttingDown) }
        if connection.isCountedEarly { return }
        switch environment.addresses.opened(connection.peer.address, now: now) {
        case .banned: turnAway(connection, .banned)
        case .tooMany, .tooFast: turnAway(connection, .tooManyConnections)
        case nil: connection.isCounted = true
        }
    }

    private func turnAway(_ connection: ConnectionHandler, _ reason: ConnectionEnd) {
        connection.auditConnectionRefused(reason)
        connection.close(reason)
    }

    /// A client is not let in whose handshake has not begun.
    func turnAway(_ peer: Peer, _ listener: Listener, _ refusal: AddressRegister.Refusal) {
        let reason: ConnectionEnd = refusal == .banned ? .banned : .tooManyConnections
        environment.audit?(.connectionRefused(peer, listener, reason))
        guard environment.areConnectionsLogged else { return }
        logger.notice("\(reason.logLine(client: "<unknown>", address: "\(peer)"))")
    }

    /// A connection is over: its session stays or ends, its will is due or dropped.
    func connectionEnded(_ connection: ConnectionHandler, _ reason: ConnectionEnd) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.isCounted { environment.addresses.closed(connection.peer.address, now: now) }
        if let session = connection.session {
            connection.session = nil
            connection.auditLogout(reason)
            log(reason, session, connection)
            if session.connection === connection { sessionDetached(session, connection, reason) }
        } else if reason != .connectionLost {
            log(reason, nil, connection)
        }
        // Last: a session that has ended has given back what its accounts counted.
        if let account = connection.accounts.user {
            environment.users.disconnected(account, clientID: connection.countedClientID, now: now)
        }
        if let account = connection.accounts.address, let address = connection.peer.address {
            environment.addressAccounts[address].disconnected(account, clientID: connection.countedClientID, now: now)
        }
    }

    private func log(_ reason: ConnectionEnd, _ session: LoopSession?, _ connection: ConnectionHandler) {
        guard environment.areConnectionsLogged else { return }
        let client = session.map { String(decoding: $0.session.clientID, as: UTF8.self) } ?? "<unknown>"
        logger.notice("\(reason.logLine(client: client, address: "\(connection.peer)"))")
    }

    func markUnflushed(_ connection: ConnectionHandler) {
        guard !connection.isMarkedUnflushed else { return }
        connection.isMarkedUnflushed = true
        unflushed.append(connection)
    }

    func flushConnections() {
        // A write may fail and end a connection, which may mark others.
        while let connection = unflushed.popLast() {
            connection.flush()
        }
    }

    // MARK: The store

    /// The connection's acknowledgements wait for the journal.
    func awaitJournal(_ connection: ConnectionHandler) {
        guard !connection.isAwaitingJournal else { return }
        connection.isAwaitingJournal = true
        awaitingJournal.append(connection)
        journalWatch.ask()
        // The journal may have got there between the look at it and the question.
        if let awaited = connection.awaitedLSN, awaited <= environment.store.durableLSN {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.execute { bound.value.journalProgressed() }
        }
    }

    /// The journal is durable further than before, or has room again.
    func journalProgressed() {
        let waiting = awaitingJournal
        awaitingJournal.removeAll(keepingCapacity: true)
        for connection in waiting {
            connection.isAwaitingJournal = false
            connection.releaseAcknowledgements()
            connection.releaseHeld()
        }
        if journal.isEmpty { flushConnections() } else { finishTurn() }
    }

    /// Withholds a publisher's reads until the store has room again: writers are slowed, nothing is dropped.
    func awaitRelief(_ connection: ConnectionHandler) {
        connection.withholdReads(.storePressure)
        // It may have got room between the look and here.
        if !environment.store.isUnderPressure { connection.resumeReads(.storePressure) }
    }

    /// Reads go on where they were withheld because the store was at a limit.
    func storeRelieved() {
        for connection in connections.values { connection.resumeReads(.storePressure) }
        // What the store did not take of the sessions.
        finishTurn()
    }

    /// The store took none of a batch's retained messages; said once until it takes some again.
    func storeRefused(_ error: StoreError) {
        guard environment.refusalNotice.give() else { return }
        logger.error("the store refuses: \(error)")
    }

    // MARK: Security

    /// The access rules were replaced: every session is looked at with the new ones from here on.
    func securityChanged() {
        sessions.forEach {
            $0.policyChanged()
            noteChanges(of: $0)
        }
        finishTurn()
    }

    // MARK: Statistics

    /// What this loop has counted, with what there is now.
    func currentCounters() -> LoopCounters {
        var current = counters
        sessions.forEach { session in
            if session.connection != nil { current.connectedClients += 1 }
            current.storedMessages += session.session.inflightCount + session.session.queuedCount
            current.storedBytes += session.session.queuedBytes
        }
        return current
    }

    // MARK: Housekeeping

    private func keepHouse() {
        lookAfterAbsentClients()
        // Wills, and what a session that ended leaves to others.
        finishTurn()
    }
}
