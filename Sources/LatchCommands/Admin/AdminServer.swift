import Broker
import Dispatch
import FoundationEssentials
import Glibc
import Logging
import RetainedStore
import Synchronization

/// Answers what commands ask of a store that this process has open (LatchCommands.docc, "Administration").
///
/// Its threads are its own: however long a verb takes, no event loop waits for it.
final class AdminServer: Sendable {
    /// Commands that are answered at once; further ones wait for their turn.
    private static let connectionsMax = 8
    /// How long a connection may be silent.
    private static let silenceSeconds = 30

    /// How messages are cleared while a broker serves clients: topics in, durable when it returns.
    typealias Clearing = @Sendable ([[UInt8]]) throws(CommandFailure) -> Void

    /// Every verb of the protocol.
    static let verbs: [any StoreVerb.Type] = [
        HealthVerb.self, StatisticsVerb.self, CheckpointVerb.self, RotateVerb.self, ShredVerb.self,
        BackupVerb.self, CompactVerb.self,
    ]

    let store: RetainedStore
    let logger: Logger
    private let directory: String
    let audit: AuditLog?
    private let listener: Int32
    private let isStopping = Atomic<Bool>(false)
    /// Clears topics in the order of what clients publish; there once the broker has its loops.
    private let clearing = Mutex<Clearing?>(nil)
    let scans = StoreScans()
    private let queue = DispatchQueue(label: "latch.admin", attributes: .concurrent)
    private let turns = DispatchSemaphore(value: connectionsMax)
    private let ended = DispatchSemaphore(value: 0)

    /// Listens in the store's directory.
    init(_ store: RetainedStore, audit: AuditLog? = nil, logger: Logger) throws(CommandFailure) {
        self.store = store
        self.audit = audit
        self.logger = logger
        directory = store.options.location.directory
        listener = try LocalSocket.listen(in: directory)
        queue.async { self.accept() }
    }

    /// The socket's name in messages.
    var socketPath: String { "\(directory)/\(LocalSocket.name)" }

    /// Says how messages are cleared from here on.
    func clears(by clearing: @escaping Clearing) {
        self.clearing.withLock { $0 = clearing }
    }

    /// Clears topics, durably.
    func clear(_ topics: [[UInt8]]) throws(CommandFailure) {
        guard let clearing = clearing.withLock({ $0 }) else {
            throw CommandFailure(.inputOutput, "the broker is starting: ask again when it runs")
        }
        try clearing(topics)
    }

    /// Takes no more requests; those under way end with the store.
    func stop() {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unlink(directory + "/" + LocalSocket.name)
        // Which ends the accepting thread's waiting.
        shutdown(listener, Int32(SHUT_RDWR))
        ended.wait()
        close(listener)
        scans.stop()
    }

    private func accept() {
        while !isStopping.load(ordering: .acquiring) {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                // Out of descriptors, for instance: the broker's connections come first.
                if !isStopping.load(ordering: .acquiring), errno != EINTR { usleep(100_000) }
                continue
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            guard Self.isOwner(descriptor) else {
                logger.warning("refused a request on \(socketPath) by another user")
                audit?.write(AuditEvent(.commandRefused))
                close(descriptor)
                continue
            }
            turns.wait()
            queue.async {
                self.serve(AdminConnection(LineStream(descriptor: descriptor)))
                self.turns.signal()
            }
        }
        ended.signal()
    }

    /// Whether the other side is this process's user, or root; the socket's mode says the same.
    private static func isOwner(_ descriptor: Int32) -> Bool {
        var timeout = timeval(tv_sec: silenceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        // struct ucred of unix(7): pid, uid, gid.
        var identity: (pid: pid_t, user: uid_t, group: gid_t) = (0, .max, .max)
        var length = socklen_t(MemoryLayout.size(ofValue: identity))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &identity, &length) == 0 else { return false }
        return identity.user == geteuid() || identity.user == 0
    }

    private func serve(_ connection: AdminConnection) {
        while !isStopping.load(ordering: .acquiring), let line = connection.readLine() {
            answer(line, connection)
        }
    }

    private struct Request: Decodable {
        var verb: String
    }

    private func answer(_ line: [UInt8], _ connection: AdminConnection) {
        let data = Data(line)
        let name = (try? JSONDecoder().decode(Request.self, from: data))?.verb
        if name == ChallengeRequest.name { return challenge(connection) }
        if name == RetainedRequest.name { return answerRetained(data, connection) }
        guard let verb = Self.verbs.first(where: { $0.name == name }) else {
            let names = Self.verbs.map { $0.name } + [ChallengeRequest.name, RetainedRequest.name]
            return connection.fail(
                CommandFailure(
                    .usage,
                    "not a request: one JSON object on a line, its verb one of \(names.joined(separator: ", "))"
                )
            )
        }
        perform(verb, data, connection)
    }

    private func perform<Verb: StoreVerb>(_ type: Verb.Type, _ request: Data, _ connection: AdminConnection) {
        guard let verb = try? JSONDecoder().decode(type, from: request) else {
            return connection.fail(CommandFailure(.usage, "\(type.name) lacks a parameter"))
        }
        logger.notice("\(type.name) was asked for on \(socketPath)")
        do throws(CommandFailure) {
            let report = try verb.perform(on: store) { text in
                connection.write(AdminLine<Verb.Report>(progress: text))
            }
            tellAudit(.command, verb)
            connection.write(AdminLine(result: report))
        } catch {
            tellAudit(.commandFailed, verb)
            logger.error("\(type.name) failed: \(error)")
            connection.fail(error)
        }
    }

    private func tellAudit(_ name: AuditEvent.Name, _ verb: some StoreVerb) {
        let kind = type(of: verb)
        guard kind.isAudited else { return }
        audit?.write(AuditEvent(name).with("verb", kind.name).with("detail", verb.auditDetail))
    }
}
