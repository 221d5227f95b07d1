/// What one user may do over all of its connections, or all clients of one address together; `nil` where there is no limit.
///
/// A user is who the access rules see: the name that a password, a token or a certificate proves, or else the client's own word. Clients
/// without a name are one user together, as they have the same rules.
public struct AccountLimits: Sendable, Hashable {
    /// Clients that are connected at a time (`limit_connections_per_user`). Several connections of one client identifier count once: the later
    /// one takes the place of the earlier.
    public var connectionsMax: Int?
    /// New connections in a second on the average, and as many at once (`limit_connection_rate_per_user`).
    public var connectionsPerSecond: Int?
    /// Messages published in a second on the average, and as many at once (`limit_publish_rate_per_…`).
    public var publishesPerSecond: Int?
    /// Bytes of PUBLISH packets in a second on the average, and as many at once (`limit_publish_bytes_per_…`).
    public var publishBytesPerSecond: Int?
    /// Subscriptions of all sessions (`limit_subscriptions_per_…`).
    public var subscriptionsMax: Int?
    /// Payload bytes that wait for all clients (`limit_queued_bytes_per_…`); what comes beyond is dropped as with
    /// `max_queued_bytes`.
    public var queuedBytesMax: Int?
    /// What all clients together may add to what is retained (`limit_retained_messages_per_…`, `limit_retained_bytes_per_…`).
    public var retained = RetainedLimits()

    public init() {}

    /// Whether there is any.
    var isEmpty: Bool { self == AccountLimits() }
}
