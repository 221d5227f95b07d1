/// Where security events are written, and how (`audit_dest` and `audit_format`, directives of Latch).
public struct AuditSettings: Sendable, Equatable {
    /// Where.
    public enum Destination: Sendable, Equatable {
        case none
        /// Among the log's lines.
        case log
        case file(ReferencedFile)
    }

    /// How.
    public enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    public var destination = Destination.none
    public var format = Format.text

    public init() {}
}
