import Broker
import Mosquitto

extension BrokerConfiguration {
    /// Maps settings onto what the broker understands, reading the files that say who may do what.
    init(_ settings: ServeSettings, _ security: SecurityFiles) throws(CommandFailure) {
        var listeners: [Listener] = []
        for listener in settings.listeners {
            var made = Listener(
                endpoint: .init(listener),
                transport: listener.transport == .websockets ? .webSocket : .mqtt,
                security: try security.domain(for: listener.security),
                limits: settings.limits.with(listener),
                connectionsMax: listener.connectionsMax,
                // Nobody asked for this address: a machine without IPv6 starts all the same.
                isOptional: listener.location == nil && listener.isIPv6
            )
            if let tls = listener.tls { made.tls = try security.transportSecurity(for: tls) }
            made.proxyProtocolVersion = listener.proxyProtocolVersion
            made.trustedProxies = settings.trustedProxies
            made.allowedOrigins = listener.webSocketOrigins
            made.connectTimeoutSeconds = settings.connectSecondsMax
            listeners.append(made)
        }
        self.init(listeners: listeners, areConnectionsLogged: settings.log.logsConnections)
        addressLimits = settings.addressLimits
        publicAddressLimits = settings.publicAddressLimits
        userLimits = settings.userLimits
        retainedLimits = settings.retainedLimits
        slowedSecondsMax = settings.slowedSecondsMax
        connectionsMax = settings.connectionsMax
        sessionsMax = settings.sessionsMax
        systemIntervalSeconds = settings.systemIntervalSeconds
        // A store that is removed at the end keeps nothing for anybody.
        if case .temporary = settings.store { areSessionsKept = false }
        version = "latch version \(LatchCommand.version)"
    }
}

extension Listener.Endpoint {
    fileprivate init(_ listener: MosquittoListener) {
        switch listener.endpoint {
        case .unix(let path):
            self = .unix(path: path)
        case .tcp(nil, let port) where listener.socketDomain == .ipv4:
            self = .tcp(host: "0.0.0.0", port: Int(port))
        case .tcp(let host, let port):
            self = .tcp(host: host, port: Int(port))
        }
    }
}

extension MosquittoListener {
    fileprivate var isIPv6: Bool {
        if case .tcp("::1", _) = endpoint { true } else { false }
    }
}
