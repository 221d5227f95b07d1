import Glibc
import Mosquitto
import Synchronization

/// Where log lines go, in mosquitto's form: `1700000000: message`.
///
/// Lines are written with one `write(2)` each, so that a rotating tool or `fail2ban` never reads half a line.
final class LogOutput: Sendable {
    /// One of mosquitto's `log_dest` values.
    enum Destination: Sendable, Hashable {
        case standardError
        case standardOutput
        case file(String)
        case syslog(facility: Int32)
    }

    /// How a line begins.
    enum Timestamp: Sendable, Hashable {
        case none
        /// Seconds since 1970, mosquitto's default.
        case seconds
        /// A format of strftime(3), local time.
        case format(String)
    }

    private struct Sink {
        let destination: Destination
        var descriptor: Int32
    }

    private let sinks: Mutex<[Sink]>
    private let timestamp: Timestamp

    /// - Throws: ``CommandFailure`` when a log file cannot be opened.
    init(destinations: [Destination], timestamp: Timestamp) throws(CommandFailure) {
        var opened: [Sink] = []
        for destination in destinations {
            opened.append(Sink(destination: destination, descriptor: try Self.open(destination)))
        }
        sinks = Mutex(opened)
        self.timestamp = timestamp
    }

    /// Opens log files again, after they were renamed by a rotating tool (SIGRTMIN, SIGHUP).
    func reopen() {
        sinks.withLock { sinks in
            for index in sinks.indices {
                guard case .file = sinks[index].destination, let next = try? Self.open(sinks[index].destination) else {
                    continue
                }
                close(sinks[index].descriptor)
                sinks[index].descriptor = next
            }
        }
    }

    /// Writes one line everywhere.
    ///
    /// Control characters in it are made visible: a client's name must not begin a line of its own.
    func write(_ message: String, syslogPriority: Int32) {
        let message = Self.withoutControlCharacters(message)
        var line = prefix()
        line += message
        line += "\n"
        sinks.withLock { sinks in
            for sink in sinks {
                switch sink.destination {
                case .syslog(let facility):
                    message.withCString { text in withVaList([text]) { vsyslog(facility | syslogPriority, "%s", $0) } }
                case .standardError, .standardOutput, .file:
                    line.withUTF8 { bytes in
                        // A log that cannot be written must not end the broker.
                        _ = Glibc.write(sink.descriptor, bytes.baseAddress, bytes.count)
                    }
                }
            }
        }
    }

    private static func withoutControlCharacters(_ message: String) -> String {
        // What ends a line for some reader, and what turns the direction of writing or is invisible.
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: true
            default: false
            }
        }
        guard message.unicodeScalars.contains(where: isControl) else { return message }
        var text = ""
        for scalar in message.unicodeScalars {
            if isControl(scalar) {
                text += "\\x" + String(scalar.value, radix: 16)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private func prefix() -> String {
        switch timestamp {
        case .none:
            return ""
        case .seconds:
            return "\(time(nil)): "
        case .format(let format):
            var now = time(nil)
            var parts = tm()
            localtime_r(&now, &parts)
            let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                let count = strftime(buffer.baseAddress!, buffer.count, format, &parts)
                return String(decoding: UnsafeRawBufferPointer(buffer)[0..<count], as: UTF8.self)
            }
            return text + ": "
        }
    }

    private static func open(_ destination: Destination) throws(CommandFailure) -> Int32 {
        switch destination {
        case .standardError: return STDERR_FILENO
        case .standardOutput: return STDOUT_FILENO
        case .syslog: return -1
        case .file(let path):
            let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
            guard descriptor >= 0 else {
                throw CommandFailure(
                    .configuration,
                    "cannot open the log file \(path): \(String(cString: strerror(errno))); check log_dest and the folder's permissions"
                )
            }
            return descriptor
        }
    }
}

extension LogOutput {
    /// The output that a configuration asks for.
    convenience init(settings: LogSettings, isQuiet: Bool) throws(CommandFailure) {
        let facility = settings.localFacility.map { LOG_LOCAL0 + Int32($0) << 3 } ?? LOG_DAEMON
        let destinations = settings.destinations.map { destination -> Destination in
            switch destination {
            case .stdout: .standardOutput
            case .stderr: .standardError
            case .syslog: .syslog(facility: facility)
            case .file(let file): .file(file.path)
            }
        }
        let timestamp: Timestamp =
            if !settings.hasTimestamps { .none } else { settings.timestampFormat.map { .format($0) } ?? .seconds }
        try self.init(destinations: isQuiet ? [] : destinations, timestamp: timestamp)
    }
}

extension MosquittoLogHandler.Types {
    /// The kinds that a configuration asks for.
    init(_ types: LogSettings.Types) {
        self = []
        if types.contains(.error) { insert(.error) }
        if types.contains(.warning) { insert(.warning) }
        if types.contains(.notice) { insert(.notice) }
        if types.contains(.information) { insert(.information) }
        if types.contains(.debug) { insert(.debug) }
        if types.contains(.subscribe) { insert(.subscribe) }
        if types.contains(.unsubscribe) { insert(.unsubscribe) }
    }
}
