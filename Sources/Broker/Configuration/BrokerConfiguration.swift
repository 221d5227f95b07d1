/// What a broker is told at its start; a mosquitto.conf is mapped onto it, and so may be any other source.
public struct BrokerConfiguration: Sendable {
    /// Where it listens; at least one.
    public var listeners: [Listener]
    /// Whether connections and disconnections are logged (`connection_messages`).
    public var areConnectionsLogged: Bool
    /// What one address may do at the door.
    public var addressLimits = AddressLimits()
    /// The same for addresses of the internet; ``addressLimits`` are those of the machine itself and of private networks.
    public var publicAddressLimits = AddressLimits()
    /// What one user may do.
    public var userLimits = AccountLimits()
    /// What one namespace may retain.
    public var retainedLimits = RetainedLimits()
    /// Seconds for which a client that publishes too fast is slowed before its connection is ended; `nil`: for ever (`limit_publish_seconds`).
    public var slowedSecondsMax: Int? = 60
    /// Hears of security events, on whatever thread they happen; `nil`: nobody does.
    public var audit: (@Sendable (AuditEvent) -> Void)?
    /// Connections at a time over all listeners; `nil` for no limit (`global_max_connections`).
    public var connectionsMax: Int?
    /// Clients with a session, connected or not; `nil` for no limit (`global_max_clients`).
    public var sessionsMax: Int?
    /// How often `$SYS` is published; 0 for never (`sys_interval`).
    public var systemIntervalSeconds = 10
    /// What `$SYS/broker/version` says.
    public var version = "latch"
    /// Whether sessions that outlive their connections outlive the broker too, with what waits for them (`persistence`).
    public var areSessionsKept = true
    /// Event loops; 0 for one per core.
    public var eventLoopCount: Int

    public init(listeners: [Listener], areConnectionsLogged: Bool = true, eventLoopCount: Int = 0) {
        self.listeners = listeners
        self.areConnectionsLogged = areConnectionsLogged
        self.eventLoopCount = eventLoopCount
    }
}
