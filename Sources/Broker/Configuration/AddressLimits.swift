/// What one address may do at the door, whoever it is; `nil` where there is no limit.
///
/// Behind a proxy that is not believed (``TrustedProxies``) all clients have its address: there, none of these belongs in a configuration.
public struct AddressLimits: Sendable, Hashable {
    /// Connections at a time (`limit_connections_per_address`).
    public var connectionsMax: Int?
    /// New connections in a second on the average, and as many at once (`limit_connection_rate`).
    public var connectionsPerSecond: Int?
    /// Messages published in a second on the average, and as many at once (`limit_publish_rate_per_address`).
    public var publishesPerSecond: Int?
    /// Bytes of PUBLISH packets in a second on the average, and as many at once (`limit_publish_bytes_per_address`).
    public var publishBytesPerSecond: Int?
    /// Refused logins in a minute after which the address is banned (`ban_after_failures`).
    public var failuresPerMinute: Int?
    /// How long a ban lasts (`ban_seconds`).
    public var banSeconds = 300

    public init() {}

    /// Whether there is any.
    var isEmpty: Bool {
        connectionsMax == nil && connectionsPerSecond == nil && failuresPerMinute == nil && publishesPerSecond == nil
            && publishBytesPerSecond == nil
    }
}
