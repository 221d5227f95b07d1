/// Why a connection ended, in the words that mosquitto's log has for it.
enum ConnectionEnd: Equatable {
    /// DISCONNECT.
    case disconnected
    /// The transport closed without one.
    case connectionLost
    case keepAliveExceeded
    case protocolError
    case malformedPacket
    case packetTooLarge
    case notAuthorized
    case takenOver
    case serverShuttingDown
    /// No CONNECT came in time.
    case noConnect
    /// The store refused a retained message of a client that cannot be told otherwise.
    case storeRefused
    /// A retained message could not be read.
    case storeDamaged
    case quotaExceeded
    /// The address has failed to log in too often.
    case banned
    /// The address has too many connections, or opens them too fast.
    case tooManyConnections
    /// The user has too many connections, or opens them too fast.
    case tooManyOfUser
    /// The client went on publishing faster than it may.
    case rateExceeded
    /// The transport could not be secured.
    case handshakeFailed

    /// Whether the client's will is dropped: only a proper DISCONNECT does that [MQTT-3.14.4-3].
    var dropsWill: Bool { self == .disconnected }

    /// The log line, without the client's name in front.
    func logLine(client: String, address: String) -> String {
        switch self {
        case .disconnected: "Client \(client) disconnected."
        case .connectionLost: "Client \(client) closed its connection."
        case .keepAliveExceeded: "Client \(client) [\(address)] disconnected: exceeded timeout."
        case .protocolError: "Client \(client) [\(address)] disconnected: protocol error."
        case .malformedPacket: "Client \(client) [\(address)] disconnected: malformed packet."
        case .packetTooLarge: "Client \(client) [\(address)] disconnected: oversize packet."
        case .notAuthorized: "Client \(client) [\(address)] disconnected: not authorised."
        case .takenOver: "Client \(client) [\(address)] disconnected: session taken over."
        case .serverShuttingDown: "Client \(client) [\(address)] disconnected: server shutting down."
        case .noConnect: "Client \(client) [\(address)] disconnected: no CONNECT in time."
        case .storeRefused: "Client \(client) [\(address)] disconnected: retained message refused by the store."
        case .storeDamaged: "Client \(client) [\(address)] disconnected: a retained message could not be read."
        case .banned: "Client \(client) [\(address)] disconnected: banned after refused logins."
        case .tooManyConnections: "Client \(client) [\(address)] disconnected: too many connections from this address."
        case .tooManyOfUser: "Client \(client) [\(address)] disconnected: too many connections of this user."
        case .rateExceeded: "Client \(client) [\(address)] disconnected: message rate too high."
        case .handshakeFailed: "Client \(client) [\(address)] disconnected: TLS handshake failed."
        case .quotaExceeded: "Client \(client) [\(address)] disconnected: quota exceeded."
        }
    }
}
