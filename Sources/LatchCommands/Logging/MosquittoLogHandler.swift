import Broker
import Glibc
import Logging

/// Writes swift-log's messages as mosquitto writes its own, filtered by `log_type`.
struct MosquittoLogHandler: LogHandler {
    /// The `log_type` values that have an equivalent here.
    struct Types: OptionSet, Sendable {
        let rawValue: UInt8
        static let error = Types(rawValue: 1)
        static let warning = Types(rawValue: 2)
        static let notice = Types(rawValue: 4)
        static let information = Types(rawValue: 8)
        static let debug = Types(rawValue: 16)
        static let subscribe = Types(rawValue: 32)
        static let unsubscribe = Types(rawValue: 64)
        /// mosquitto's default.
        static let standard: Types = [.error, .warning, .notice, .information]
        static let all: Types = [.error, .warning, .notice, .information, .debug, .subscribe, .unsubscribe]
    }

    let output: LogOutput
    let types: Types
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(output: LogOutput, types: Types) {
        self.output = output
        self.types = types
        logLevel = types.isDisjoint(with: [.debug, .subscribe, .unsubscribe]) ? .info : .trace
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let (type, priority): (Types, Int32) =
            switch event.level {
            case .trace, .debug: (Self.type(of: event), LOG_DEBUG)
            case .info: (.information, LOG_INFO)
            case .notice: (.notice, LOG_NOTICE)
            case .warning: (.warning, LOG_WARNING)
            case .error, .critical: (.error, LOG_ERR)
            }
        guard types.contains(type) else { return }
        switch event.level {
        case .warning: output.write("Warning: \(event.message)", syslogPriority: priority)
        case .error, .critical: output.write("Error: \(event.message)", syslogPriority: priority)
        default: output.write("\(event.message)", syslogPriority: priority)
        }
    }

    /// Subscriptions have types of their own.
    private static func type(of event: LogEvent) -> Types {
        guard case .string(let name) = event.metadata?[LogKind.metadataKey] else { return .debug }
        return switch LogKind(rawValue: name) {
        case .subscribe: .subscribe
        case .unsubscribe: .unsubscribe
        case nil: .debug
        }
    }
}
