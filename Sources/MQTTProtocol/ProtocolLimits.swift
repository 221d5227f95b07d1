public import MQTTWire

/// Every limit of the protocol side, with mosquitto's defaults (mosquitto.conf(5), 2.1).
///
/// One value per listener; a mosquitto.conf is mapped onto it.
public struct ProtocolLimits: Hashable, Sendable {
    /// `max_packet_size`: the largest packet taken from a client, in bytes, header included (MQTT 5.0 §3.2.2.3.6).
    public var packetBytesMax = 2_000_000
    /// `message_size_limit`: the largest payload, in bytes; 0 for none but the packet's.
    public var payloadBytesMax = 0
    /// `max_inflight_messages`: QoS 1 and 2 messages that a client may leave unacknowledged, either way (MQTT 5.0 §3.2.2.3.3); 0 for
    /// the protocol's own 65,535.
    public var inflightCountMax = 20
    /// Messages of QoS 1 that a client which acknowledges them may come to have under way, one more for each that it has acknowledged:
    /// with mosquitto's 20, a round trip for every 20 messages is most of what a delivery costs. It ends at a mebibyte of payload.
    /// No growth where it is not above `inflightCountMax`, as where `max_inflight_messages` is given.
    public var inflightEarnedCountMax = 640
    /// `max_inflight_bytes`: payload bytes of QoS 1 and 2 messages under way to a client; 0 for no limit. One message may always be.
    public var inflightBytesMax = 0
    /// `max_queued_messages`: messages that wait beyond those in flight; 0 for no limit.
    public var queuedCountMax = 1_000
    /// `max_queued_bytes`: payload bytes that wait beyond those in flight; 0 for no limit.
    public var queuedBytesMax = 0
    /// `queue_qos0_messages`: whether QoS 0 messages are queued for a client that is away.
    public var areQoS0MessagesQueued = false
    /// `upgrade_outgoing_qos`: whether messages are delivered at the subscription's QoS even if they were published at a lower one; the
    /// standard wants the lower of the two [MQTT-3.8.4-8].
    public var isOutgoingQoSUpgraded = false
    /// QoS 2 messages of a client that it has not released yet: what a client of 3.1.1 can leave behind by never sending PUBREL. One of 5.0
    /// is held to the receive maximum long before.
    public var unreleasedCountMax = 4_096
    /// Subscriptions of one session; further ones are refused with 0x97, below 5.0 with 0x80. Far above any use, and low enough that no
    /// client alone exhausts the trie.
    public var subscriptionCountMax = 1_000_000
    /// `limit_topic_levels`, a directive of Latch: levels of a topic or a topic filter, fewer than ``MQTTWire/WireLimits/topicLevelsMax``; 0 for that
    /// one. A deeper topic is refused with 0x90, a deeper filter with 0x8F.
    public var topicLevelsMax = 0
    /// `max_qos`: the highest quality of service, 0…2 (MQTT 5.0 §3.2.2.3.4).
    public var qosMax: UInt8 = 2
    /// `retain_available` (MQTT 5.0 §3.2.2.3.5).
    public var isRetainAvailable = true
    /// `max_keepalive`, in seconds; 0 for no limit. MQTT 5.0 clients are told (§3.2.2.3.14), older ones are refused with 0x02.
    public var keepAliveSecondsMax: UInt16 = 0
    /// `max_topic_alias`: the highest alias taken from a client (MQTT 5.0 §3.2.2.3.8).
    public var topicAliasMax: UInt16 = 10
    /// `max_topic_alias_broker`: the highest alias that the broker uses, where a client allows it.
    public var topicAliasBrokerMax: UInt16 = 10
    /// `accept_protocol_versions`: what is spoken here.
    public var acceptedVersions = Set(ProtocolVersion.allCases)
    /// `mount_point`: what the topics of these clients begin with for everybody else; empty for nothing. The clients
    /// neither write nor see it.
    public var mountPoint: [UInt8] = []
    /// `response_information`, a directive of Latch: what clients of 5.0 that ask are told to begin their response topics
    /// with (§3.2.2.3.15), `%c` standing for the client identifier and `%u` for the user name; empty for nothing.
    public var responseInformation = ""
    /// `allow_zero_length_clientid`: whether a client may leave its identifier to the broker [MQTT-3.1.3-6].
    public var isEmptyClientIDAllowed = true
    /// `auto_id_prefix`: what identifiers given by the broker begin with.
    public var assignedClientIDPrefix = "auto-"
    /// `persistent_client_expiration`, in seconds: how long the session of a client that is away is kept at the most; `UInt32.max` for ever.
    public var sessionExpirySecondsMax: UInt32 = .max
    /// Acknowledgements owed to one connection at which its reads pause; MQTT 3.1.1 has no receive maximum of its own.
    public var acknowledgementQueueCountMax = 65_536

    public init() {}
}
