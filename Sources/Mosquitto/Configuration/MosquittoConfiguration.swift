public import MQTTProtocol

/// A `mosquitto.conf` with its includes, as plain values, with the defaults of mosquitto 2.1.2 filled in.
///
/// Nothing here opens a socket or reads a file that the configuration names; the broker's own configuration is made from
/// it elsewhere. A limit that the file states as "none" (0 or −1, depending on the directive) is `nil`.
public struct MosquittoConfiguration: Sendable, Equatable {
    /// The header in which a proxy says where a WebSocket client is.
    public enum TrustedProxyHeader: String, Sendable, CaseIterable {
        case cfConnectingIP = "cf-connecting-ip"
        case xForwardedFor = "x-forwarded-for"
    }

    /// The files that were read, in order.
    public var files: [String] = []
    /// No directive asks for a listener: only this machine may connect, and anonymously unless the file says otherwise.
    ///
    /// ``listeners`` then holds 127.0.0.1 and ::1 at port 1883.
    public var isLocalOnly = true
    /// In file order.
    public var listeners: [MosquittoListener] = []

    // MARK: Persistence

    /// `persistence`.
    public var isPersistent = false
    /// The directory of the store (`persistence_location`); `nil` is the working directory.
    public var persistenceLocation: ReferencedFile?
    /// `autosave_interval`, with fractions.
    public var autosaveIntervalSeconds = 1800.0
    /// `autosave_on_changes`: whether mosquitto's interval counted changes and not seconds.
    public var autosaveCountsChanges = false
    /// `persistence_sync`, a directive of Latch.
    public var persistenceSync = PersistenceSync.always
    /// `master_key_file`, a directive of Latch.
    public var masterKeyFile: ReferencedFile?
    /// `master_key_command`, a directive of Latch: a command line that prints the master key.
    public var masterKeyCommand: String?
    /// `keyring_location`, a directive of Latch.
    public var keyringLocation: ReferencedFile?
    /// `recover_on_start`, a directive of Latch.
    public var recoverOnStart = RecoverOnStart.refuse

    // MARK: Messages and sessions

    /// `retain_available`.
    public var isRetainAvailable = true
    /// `check_retain_source`: a retained message is delivered only while its publisher may still write to its topic.
    public var checksRetainSource = true
    /// `max_inflight_messages`; `nil` is the protocol's own limit.
    public var inflightMessagesMax: UInt16? = 20
    /// Whether the file has `max_inflight_messages`, and does not leave it to the default.
    public var isInflightMessagesMaxGiven = false
    /// `max_inflight_bytes`.
    public var inflightBytesMax: Int?
    /// `max_queued_messages`.
    public var queuedMessagesMax: Int? = 1000
    /// `max_queued_bytes`.
    public var queuedBytesMax: Int?
    /// `queue_qos0_messages`.
    public var queuesQoS0Messages = false
    /// `max_packet_size`, the whole packet.
    public var packetBytesMax = 2_000_000
    /// `message_size_limit`, the payload alone.
    public var payloadBytesMax: Int?
    /// `max_keepalive`, for clients of MQTT 5.0.
    public var keepAliveSecondsMax: UInt16?
    /// `persistent_client_expiration`: how long the session of an absent client of MQTT 3.1.1 is kept.
    public var sessionExpirySeconds: Int?
    /// `upgrade_outgoing_qos`.
    public var upgradesOutgoingQoS = false
    /// `response_information`, a directive of Latch: what clients of MQTT 5.0 begin their response topics with.
    public var responseInformation: String?
    /// `retain_expiry_interval`: how often expired retained messages are looked for; `nil` for the broker's own interval.
    public var retainExpiryIntervalMinutes: Int?
    /// `sys_interval`: how often `$SYS` is published; 0 for never.
    public var sysIntervalSeconds = 10
    /// `global_max_clients`: clients with a session, connected or not.
    public var clientsMax: Int?
    /// `global_max_connections`.
    public var connectionsMax: Int?
    /// `clientid_prefixes`: what client identifiers must begin with; as in mosquitto one text, whatever the plural says.
    public var clientIDPrefix: String?
    /// `trusted_proxy_address`, a directive of Latch: addresses and networks of proxies that are believed about where a client is.
    public var trustedProxyAddresses: [ReferencedText] = []
    /// `trusted_proxy_header`, a directive of Latch.
    public var trustedProxyHeader: TrustedProxyHeader?
    /// `limit_connections_per_address`, a directive of Latch.
    public var connectionsPerAddressMax = AddressLimit.unstated
    /// `limit_connection_rate`, a directive of Latch: new connections of one address in a second.
    public var connectionsPerSecondMax = AddressLimit.unstated
    /// `ban_after_failures`, a directive of Latch: refused logins of one address in a minute.
    public var failuresPerMinuteMax = AddressLimit.unstated
    /// `ban_seconds`, a directive of Latch.
    public var banSeconds = 300
    /// `limit_connect_seconds`, a directive of Latch: how long a client may take for each step up to its CONNECT.
    public var connectSecondsMax = 30
    /// `limit_publish_rate_per_address`, a directive of Latch.
    public var publishesPerSecondOfAddressMax: Int?
    /// `limit_publish_bytes_per_address`, a directive of Latch.
    public var publishBytesPerSecondOfAddressMax: Int?
    /// `limit_subscriptions_per_address`, a directive of Latch.
    public var subscriptionsOfAddressMax = AddressLimit.unstated
    /// `limit_queued_bytes_per_address`, a directive of Latch.
    public var queuedBytesOfAddressMax = AddressLimit.unstated
    /// `limit_retained_messages_per_address`, a directive of Latch.
    public var retainedMessagesOfAddressMax: Int?
    /// `limit_retained_bytes_per_address`, a directive of Latch; 0 is no limit.
    public var retainedBytesOfAddressMax = 0
    /// `limit_publish_seconds`, a directive of Latch: how long a client that publishes too fast is slowed before it is ended.
    public var publishSlowedSecondsMax: Int? = 60
    /// `limit_retained_messages`, a directive of Latch: retained messages of one namespace.
    public var retainedMessagesMax: Int?
    /// `limit_retained_bytes`, a directive of Latch: their bytes; 0 is no limit.
    public var retainedBytesMax = 0
    /// `limit_topic_levels`, a directive of Latch; `nil` is the protocol's own limit of 200.
    public var topicLevelsMax: Int?
    /// The directives `limit_..._per_user`, of Latch.
    public var userLimits = UserLimitSettings()
    /// `acl_subscribe`, a directive of Latch.
    public var subscribePolicy = SubscribePolicy.strict

    // MARK: The process

    /// `set_tcp_nodelay`.
    public var setsTCPNoDelay = false
    public var log = LogSettings()
    /// Where security events are written.
    public var audit = AuditSettings()
    /// The account that a broker started by root changes to (`user`); `nil` is mosquitto's default of that name.
    public var user: String?
    /// `pid_file`.
    public var processIDFile: ReferencedFile?

    // MARK: What the files said

    /// Directives without effect, in file order; see ``ignoredSummary``.
    public var ignored: [IgnoredDirective] = []
    /// Lines that are accepted and look wrong, in file order.
    public var warnings: [MosquittoFileWarning] = []
    /// Where each directive stands last, by its name in the file.
    public var sources: [String: SourceLocation] = [:]

    public init() {}

    /// One sentence that names every ignored directive, for the one warning at start; `nil` if there is none.
    public var ignoredSummary: String? {
        if ignored.isEmpty { return nil }
        let names = ignored.map { "\($0.name) (\($0.location): \($0.reason))" }
        return "These directives have no effect in Latch: \(names.joined(separator: ", "))"
    }
}
