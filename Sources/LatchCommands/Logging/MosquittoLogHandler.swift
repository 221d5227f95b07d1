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
        /// mosquitto's default.
        static let standard: Types = [.error, .warning, .notice, .information]
        static let all: Types = [.error, .warning, .notice, .information, .debug]
    }

    let output: LogOutput
    let types: Types
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(output: LogOutput, types: Types) {
        self.output = output
        self.types = types
        logLevel = types.contains(.debug) ? .trace : .info
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let (type, priority): (Types, Int32) =
            switch event.level {
            case .trace, .debug: (.debug, LOG_DEBUG)
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
}
