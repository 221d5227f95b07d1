/// What one user may do at the most (`limit_..._per_user`, directives of Latch); `nil` is no limit.
public struct UserLimitSettings: Sendable, Equatable {
    /// `limit_connections_per_user`.
    public var connectionsMax: Int?
    /// `limit_connection_rate_per_user`: new connections in a second.
    public var connectionsPerSecondMax: Int?
    /// `limit_publish_rate_per_user`: messages in a second.
    public var publishesPerSecondMax: Int?
    /// `limit_publish_bytes_per_user`: bytes of PUBLISH packets in a second.
    public var publishBytesPerSecondMax: Int?
    /// `limit_subscriptions_per_user`.
    public var subscriptionsMax: Int? = 1_000_000
    /// `limit_queued_bytes_per_user`: payload bytes that wait for all of its clients.
    public var queuedBytesMax: Int? = 256 << 20
    /// `limit_retained_messages_per_user`: messages that its clients add while the broker runs.
    public var retainedMessagesMax: Int?
    /// `limit_retained_bytes_per_user`: their bytes; 0 is no limit.
    public var retainedBytesMax = 0

    public init() {}
}
