/// Where a broker listens, as `mqtt://[USER[:PASSWORD]@]HOST[:PORT]`.
///
/// Plain TCP only: what is measured is the broker, not its TLS library.
struct BrokerURL: Equatable, Sendable {
    /// IANA's port of MQTT over TCP.
    static let defaultPort: UInt16 = 1883

    var host: String
    var port: UInt16
    var username: String?
    var password: String?

    /// Parses a URL.
    ///
    /// - Throws: ``BrokerURLError`` if it is not a URL of this form.
    init(_ text: String) throws(BrokerURLError) {
        var rest = text[...]
        if let scheme = rest.range(of: "://") {
            let name = rest[..<scheme.lowerBound]
            guard name == "mqtt" || name == "tcp" else { throw .scheme(String(name)) }
            rest = rest[scheme.upperBound...]
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
            port = Self.defaultPort
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
