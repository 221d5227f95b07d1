/// What one address may do at the door, whoever it is, and what its clients may do together; `nil` where there is no limit.
///
/// Behind a proxy that is not believed (``TrustedProxies``) all clients have its address: there, none of these belongs in a configuration.
public struct AddressLimits: Sendable, Hashable {
    /// Connections at a time (`limit_connections_per_address`).
    public var connectionsMax: Int?
    /// New connections in a second on the average, and as many at once (`limit_connection_rate`).
    public var connectionsPerSecond: Int?
    /// Refused logins in a minute after which the address is banned (`ban_after_failures`).
    public var failuresPerMinute: Int?
    /// How long a ban lasts (`ban_seconds`).
    public var banSeconds = 300
    /// What its clients may do once they are let in. Connections are counted at the door, and not here.
    public var clients = AccountLimits()

    public init() {}

    /// Whether there is none at the door.
    var isOpen: Bool { connectionsMax == nil && connectionsPerSecond == nil && failuresPerMinute == nil }
}
