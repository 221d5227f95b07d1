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

    /// Every verb of the protocol.
    static let verbs: [any StoreVerb.Type] = [
        HealthVerb.self, StatisticsVerb.self, CheckpointVerb.self, RotateVerb.self, ShredVerb.self,
        BackupVerb.self, CompactVerb.self,
    ]

    private let directory: String
    private let store: RetainedStore
    private let logger: Logger
    private let audit: AuditLog?
    private let listener: Int32
    private let isStopping = Atomic<Bool>(false)
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

    /// Takes no more requests; those under way end with the store.
    func stop() {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unlink(directory + "/" + LocalSocket.name)
        // Which ends the accepting thread's waiting.
        shutdown(listener, Int32(SHUT_RDWR))
        ended.wait()
        close(listener)
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
                logger.warning("refused a request on \(directory)/\(LocalSocket.name) by another user")
                audit?.write(AuditEvent(.commandRefused))
                close(descriptor)
                continue
            }
            turns.wait()
            queue.async {
                self.serve(LineStream(descriptor: descriptor))
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

    private func serve(_ stream: LineStream) {
        while !isStopping.load(ordering: .acquiring), let line = stream.readLine() {
            answer(line, stream)
        }
    }

    private struct Request: Decodable {
        var verb: String
    }

    private func answer(_ line: [UInt8], _ stream: LineStream) {
        let data = Data(line)
        guard let request = try? JSONDecoder().decode(Request.self, from: data),
            let verb = Self.verbs.first(where: { $0.name == request.verb })
        else {
            let names = Self.verbs.map { $0.name }.joined(separator: ", ")
            fail(CommandFailure(.usage, "not a request: one JSON object on a line, its verb one of \(names)"), stream)
            return
        }
        perform(verb, data, stream)
    }

    private func perform<Verb: StoreVerb>(_ type: Verb.Type, _ request: Data, _ stream: LineStream) {
        guard let verb = try? JSONDecoder().decode(type, from: request) else {
            return fail(CommandFailure(.usage, "\(type.name) lacks a parameter"), stream)
        }
        logger.notice("\(type.name) was asked for on \(directory)/\(LocalSocket.name)")
        do throws(CommandFailure) {
            let report = try verb.perform(on: store) { text in
                write(AdminLine<Verb.Report>(progress: text), stream)
            }
            tellAudit(.command, verb)
            write(AdminLine(result: report), stream)
        } catch {
            tellAudit(.commandFailed, verb)
            logger.error("\(type.name) failed: \(error)")
            fail(error, stream)
        }
    }

    private func tellAudit(_ name: AuditEvent.Name, _ verb: some StoreVerb) {
        let kind = type(of: verb)
        guard kind.isAudited else { return }
        audit?.write(AuditEvent(name).with("verb", kind.name).with("detail", verb.auditDetail))
    }

    private func fail(_ failure: CommandFailure, _ stream: LineStream) {
        write(
            AdminLine<HealthVerb.Report>(error: failure.description, status: failure.status.rawValue),
            stream
        )
    }

    private func write(_ line: AdminLine<some VerbReport>, _ stream: LineStream) {
        stream.writeLine(Array(ReportJSON.line(line)))
    }
}
