/// Where a broker listens, as `mqtt://[USER[:PASSWORD]@]HOST[:PORT]` or `ws://…/PATH`; with TLS `mqtts://` and `wss://`.
struct BrokerURL: Equatable, Sendable {
    /// What MQTT's packets travel in.
    enum Transport: Equatable, Sendable {
        case tcp
        /// At this path of the server.
        case webSocket(path: String)

        /// IANA's port of MQTT over TCP, and the one that brokers give WebSocket by custom; IANA's of both over TLS.
        func defaultPort(isEncrypted: Bool) -> UInt16 {
            switch self {
            case .tcp: isEncrypted ? 8883 : 1883
            case .webSocket: isEncrypted ? 443 : 9001
            }
        }
    }

    var transport: Transport
    /// Whom to take for the broker; nil: whoever answers, in plain text.
    var trust: ServerTrust?
    var host: String
    var port: UInt16
    var username: String?
    var password: String?

    /// A broker on this machine.
    static func loopback(port: UInt16) -> BrokerURL {
        BrokerURL(transport: .tcp, host: "127.0.0.1", port: port)
    }

    private init(transport: Transport, host: String, port: UInt16) {
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// Parses a URL.
    ///
    /// - Throws: ``BrokerURLError`` if it is not a URL of this form.
    init(_ text: String) throws(BrokerURLError) {
        var rest = text[...]
        transport = .tcp
        if let scheme = rest.range(of: "://") {
            switch rest[..<scheme.lowerBound] {
            case "mqtt", "tcp": transport = .tcp
            case "mqtts", "ssl": trust = .system
            case "ws": transport = .webSocket(path: "/")
            case "wss":
                transport = .webSocket(path: "/")
                trust = .system
            case let name: throw .scheme(String(name))
            }
            rest = rest[scheme.upperBound...]
        }
        if case .webSocket = transport, let slash = rest.firstIndex(of: "/") {
            transport = .webSocket(path: String(rest[slash...]))
            rest = rest[..<slash]
        }
        while rest.last == "/" { rest.removeLast() }
        if let at = rest.lastIndex(of: "@") {
            let identity = rest[..<at]
            if let colon = identity.firstIndex(of: ":") {
                username = String(identity[..<colon])
                password = String(identity[identity.index(after: colon)...])
            } else {
                username = String(identity)
            }
            rest = rest[rest.index(after: at)...]
        }
        let portText: Substring?
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else { throw .host }
            host = String(rest[rest.index(after: rest.startIndex)..<close])
            let tail = rest[rest.index(after: close)...]
            guard tail.isEmpty || tail.first == ":" else { throw .host }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = rest.firstIndex(of: ":") {
            host = String(rest[..<colon])
            portText = rest[rest.index(after: colon)...]
        } else {
            host = String(rest)
            portText = nil
        }
        guard !host.isEmpty else { throw .host }
        if let portText {
            guard let number = UInt16(portText), number != 0 else { throw .port(String(portText)) }
            port = number
        } else {
            port = transport.defaultPort(isEncrypted: trust != nil)
        }
    }
}

extension Substring {
    /// The first place where another text stands.
    fileprivate func range(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) {
                return start..<index(start, offsetBy: other.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
