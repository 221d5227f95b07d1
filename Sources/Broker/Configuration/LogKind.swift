import Logging

/// Lines that mosquitto logs under a `log_type` of their own; they carry it as metadata, at the level `debug`.
///
/// They name topic filters, so no handler writes them unless it was asked to.
public enum LogKind: String, Sendable {
    case subscribe
    case unsubscribe

    /// Under this key.
    public static let metadataKey = "log_type"

    /// The metadata of such a line.
    var metadata: Logger.Metadata { [Self.metadataKey: "\(rawValue)"] }
}
