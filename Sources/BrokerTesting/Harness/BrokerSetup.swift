public import Broker
public import MQTTProtocol
public import RetainedStore

/// What a test wants of its broker.
public struct BrokerSetup: Sendable {
    /// More than one, so that sessions and messages cross between loops.
    public var eventLoopCount = 2
    public var limits = ProtocolLimits()
    /// `global_max_connections` and `global_max_clients`.
    public var connectionsMax: Int?
    public var sessionsMax: Int?
    /// `sys_interval`; by default nothing is published that a test did not ask for.
    public var systemIntervalSeconds = 0
    /// Small, so that segments, groups and checkpoints come often.
    public var storeLimits: StoreLimits
    /// Whether the store's files have nothing that was not synced, as after a power cut.
    public var losesUnsyncedWrites = false
    /// Where the journal's syncs wait, if they are to.
    public var syncGate: SyncGate?
    /// Whether sessions outlive the broker.
    public var areSessionsKept = true
    /// What one address may do.
    public var addressLimits = AddressLimits()
    /// What one user may do.
    public var userLimits = AccountLimits()
    /// What one namespace may retain.
    public var retainedLimits = RetainedLimits()
    /// `limit_publish_seconds`
    public var slowedSecondsMax: Int?
    /// Hears of security events.
    public var audit: (@Sendable (AuditEvent) -> Void)?
    /// Changes both listeners further.
    public var editListener: @Sendable (inout Listener) -> Void = { _ in }
    /// Gets the broker's log lines.
    public var log: @Sendable (String) -> Void = { _ in }
    /// Who may do what; everybody everything by default.
    public var policy = SecurityDomain.Policy(
        isAnonymousAllowed: true,
        passwords: nil,
        rules: .unrestricted,
        subscribePolicy: .strict,
        isRetainSourceChecked: false
    )

    /// One whose store's files have after its end what a power cut would leave.
    public static var losingUnsyncedWrites: BrokerSetup {
        var setup = BrokerSetup()
        setup.losesUnsyncedWrites = true
        return setup
    }

    public init() {
        storeLimits = StoreLimits()
        storeLimits.segmentBytes = 4 << 20
        storeLimits.mapBytes = 1 << 30
    }
}
