/// Where the log goes, and what it contains.
public struct LogSettings: Sendable, Equatable {
    /// One `log_dest` line.
    public enum Destination: Sendable, Equatable {
        case stdout
        case stderr
        case syslog
        case file(ReferencedFile)
    }

    /// The kinds of messages that `log_type` lines ask for.
    public struct Types: OptionSet, Sendable {
        public let rawValue: UInt16

        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        public static let error = Types(rawValue: 1 << 0)
        public static let warning = Types(rawValue: 1 << 1)
        public static let notice = Types(rawValue: 1 << 2)
        public static let information = Types(rawValue: 1 << 3)
        public static let debug = Types(rawValue: 1 << 4)
        public static let subscribe = Types(rawValue: 1 << 5)
        public static let unsubscribe = Types(rawValue: 1 << 6)
        public static let websockets = Types(rawValue: 1 << 7)
        public static let `internal` = Types(rawValue: 1 << 8)
        public static let all = Types(rawValue: (1 << 9) - 1)
        /// What is logged if no `log_type` line says otherwise.
        public static let standard: Types = [.error, .warning, .notice, .information]
    }

    /// Every destination gets every line; none after `log_dest none`.
    public var destinations: [Destination] = [.stderr]
    public var types: Types = .standard
    /// `log_timestamp`.
    public var hasTimestamps = true
    /// A format of `strftime(3)` (`log_timestamp_format`); `nil` is seconds since 1970.
    public var timestampFormat: String?
    /// 0 to 7 stand for `LOG_LOCAL0` to `LOG_LOCAL7` (`log_facility`); `nil` is `LOG_DAEMON`.
    public var localFacility: Int?
    /// Whether connections and disconnections are logged (`connection_messages`).
    public var logsConnections = true

    public init() {}
}
