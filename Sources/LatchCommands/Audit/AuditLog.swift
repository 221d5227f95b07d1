import Broker
import Glibc
import Logging
import Mosquitto
import Synchronization

/// Writes security events where the configuration says (`audit_dest`), one line each.
///
/// A line is one `write(2)`, so that a reader never sees half of it. A file is made with mode 0600, and is begun anew where the log is: on SIGRTMIN and
/// SIGHUP. An event that cannot be written is told once in the log and lost; the broker goes on.
final class AuditLog: Sendable {
    /// Where lines go.
    enum Destination {
        /// Among the log's, as notices.
        case log
        case file(path: String)
    }

    private enum Sink {
        case log
        case file(path: String, descriptor: Int32)
    }

    private let format: AuditFormat
    private let logger: Logger
    private let sink: Mutex<Sink>
    private let hasFailed = Atomic(false)

    /// - Throws: ``CommandFailure`` when the file cannot be opened.
    init(_ destination: Destination, format: AuditFormat, logger: Logger) throws(CommandFailure) {
        self.format = format
        self.logger = logger
        switch destination {
        case .log: sink = Mutex(.log)
        case .file(let path): sink = Mutex(.file(path: path, descriptor: try Self.open(path)))
        }
    }

    /// The trail that a configuration asks for; `nil` for none.
    convenience init?(_ settings: AuditSettings, logger: Logger) throws(CommandFailure) {
        let format = AuditFormat(settings.format)
        switch settings.destination {
        case .none: return nil
        case .log: try self.init(.log, format: format, logger: logger)
        case .file(let file): try self.init(.file(path: file.path), format: format, logger: logger)
        }
    }

    deinit {
        sink.withLock { sink in
            if case .file(_, let descriptor) = sink { close(descriptor) }
        }
    }

    func write(_ event: AuditEvent) {
        let isWritten = sink.withLock { sink -> Bool in
            switch sink {
            case .log:
                logger.notice("audit: \(format.line(event, time: nil))")
                return true
            case .file(_, let descriptor):
                var line = format.line(event, time: Self.time())
                line += "\n"
                return line.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
            }
        }
        if isWritten {
            hasFailed.store(false, ordering: .relaxed)
        } else if !hasFailed.exchange(true, ordering: .relaxed) {
            logger.error("the audit trail cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Opens the file again, after it was moved away.
    func reopen() {
        let failure = sink.withLock { sink -> CommandFailure? in
            guard case .file(let path, let descriptor) = sink else { return nil }
            do throws(CommandFailure) {
                sink = .file(path: path, descriptor: try Self.open(path))
                close(descriptor)
                return nil
            } catch {
                return error
            }
        }
        if let failure { logger.error("\(failure); events go on into the file that was moved away") }
    }

    private static func open(_ path: String) throws(CommandFailure) -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .configuration,
                "cannot open the audit file \(path): \(String(cString: strerror(errno))); check audit_dest or --audit, and the folder's permissions"
            )
        }
        return descriptor
    }

    /// `2026-01-31T12:00:00.123Z`
    private static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        let seconds = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            let count = strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
            return String(decoding: UnsafeRawBufferPointer(buffer)[0..<count], as: UTF8.self)
        }
        let milliseconds = String(now.tv_nsec / 1_000_000)
        return "\(seconds).\(String(repeating: "0", count: 3 - milliseconds.count))\(milliseconds)Z"
    }
}
