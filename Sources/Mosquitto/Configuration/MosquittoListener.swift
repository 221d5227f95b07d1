public import MQTTWire

/// One `listener` with the options that follow it.
public struct MosquittoListener: Sendable, Equatable {
    /// Where a listener accepts connections.
    public enum Endpoint: Sendable, Equatable {
        /// `host` as written, a name or an address; `nil` stands for every address of the machine.
        case tcp(host: String?, port: UInt16)
        /// The path of a Unix domain socket (`listener 0 PATH`).
        case unix(path: String)
    }

    /// What is spoken on the connections.
    public enum Transport: Sendable, Equatable {
        case mqtt
        case websockets
    }

    /// Which addresses a host name resolves to, and which wildcard address is bound (`socket_domain`).
    public enum SocketDomain: Sendable, Equatable {
        case any
        case ipv4
        case ipv6
    }

    /// The `listener` or `port` line; `nil` for a listener that no line asks for.
    public var location: SourceLocation?
    public var endpoint: Endpoint
    public var transport: Transport = .mqtt
    public var socketDomain: SocketDomain = .any
    /// `max_connections`; `nil` is no limit.
    public var connectionsMax: Int?
    /// `max_qos`, 0 to 2.
    public var qosMax: UInt8 = 2
    /// How many topic aliases a client may use towards the broker (`max_topic_alias`).
    public var topicAliasMax: UInt16 = 10
    /// How many topic aliases the broker uses towards a client (`max_topic_alias_broker`).
    public var topicAliasBrokerMax: UInt16 = 10
    /// TLS under what is spoken; `nil` for none.
    public var tls: TLSSettings?
    /// `enable_proxy_protocol`, 1 or 2; `nil` for none.
    public var proxyProtocolVersion: Int?
    /// `websockets_origin`, one for each line; empty for any.
    public var webSocketOrigins: [String] = []
    /// `accept_protocol_versions`.
    public var acceptedVersions = Set(ProtocolVersion.allCases)
    /// What stands in front of the topics of its clients (`mount_point`); empty for nothing.
    public var mountPoint: [UInt8] = []
    public var security: SecuritySettings

    public init(location: SourceLocation? = nil, endpoint: Endpoint, security: SecuritySettings) {
        self.location = location
        self.endpoint = endpoint
        self.security = security
    }
}
