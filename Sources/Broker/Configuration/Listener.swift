public import MQTTProtocol
import NIOCore

/// Where a listener listens and what it speaks.
public struct Listener: Sendable {
    /// The place that clients connect to.
    public enum Endpoint: Sendable, Hashable {
        /// A TCP socket; `host` is a name or an address, `nil` for every address of the machine.
        case tcp(host: String?, port: Int)
        /// A Unix domain socket at a path.
        case unix(path: String)
    }

    /// What is spoken on an accepted connection.
    public enum Transport: Sendable, Hashable {
        /// MQTT directly on the stream.
        case mqtt
        /// MQTT in WebSocket binary frames (RFC 6455).
        case webSocket
    }

    public var endpoint: Endpoint
    public var transport: Transport
    /// Who may connect here and what they may do; listeners may share one.
    public var security: SecurityDomain
    /// TLS under what is spoken; `nil` for none.
    public var tls: TransportSecurity?
    /// The version of the PROXY protocol in which every connection begins (`enable_proxy_protocol`, 1 or 2); `nil` for none.
    public var proxyProtocolVersion: Int?
    /// The proxies that are believed when they say in a header where a WebSocket client is.
    public var trustedProxies: TrustedProxies?
    /// The origins from which a browser may connect (`websockets_origin`); empty for any.
    public var allowedOrigins: [String] = []
    /// The protocol's limits for its clients.
    public var limits: ProtocolLimits
    /// Connections at a time, `nil` for no limit (mosquitto's `max_connections -1`).
    public var connectionsMax: Int?
    /// Seconds that a client may take for each step up to its CONNECT: the PROXY header, the WebSocket handshake with TLS before it, and CONNECT
    /// itself, with TLS before it where there is no WebSocket (`limit_connect_seconds`; [MQTT-3.1.4] leaves it to the server).
    public var connectTimeoutSeconds = 30
    /// Whether a machine without the address family of `host` may start without this listener.
    public var isOptional: Bool

    public init(
        endpoint: Endpoint,
        transport: Transport,
        security: SecurityDomain,
        tls: TransportSecurity? = nil,
        limits: ProtocolLimits = ProtocolLimits(),
        connectionsMax: Int? = nil,
        isOptional: Bool = false
    ) {
        self.endpoint = endpoint
        self.transport = transport
        self.security = security
        self.tls = tls
        self.limits = limits
        self.connectionsMax = connectionsMax
        self.isOptional = isOptional
    }

    /// ``connectTimeoutSeconds`` for the event loop.
    var connectTimeout: TimeAmount { .seconds(Int64(connectTimeoutSeconds)) }

    /// The port that is written to the log and persisted with a message's source; 0 for a Unix socket.
    public var port: Int {
        switch endpoint {
        case .tcp(_, let port): port
        case .unix: 0
        }
    }
}
