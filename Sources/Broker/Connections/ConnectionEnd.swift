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
    /// The token that said who the client is proves nothing any more.
    case tokenExpired
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

    /// The log line.
    func logLine(client: String, address: String) -> String {
        switch self {
        case .disconnected: "Client \(client) disconnected."
        case .connectionLost: "Client \(client) closed its connection."
        case .keepAliveExceeded, .protocolError, .malformedPacket, .packetTooLarge, .notAuthorized, .tokenExpired,
            .takenOver,
            .serverShuttingDown, .noConnect, .storeRefused, .storeDamaged, .quotaExceeded, .banned, .tooManyConnections,
            .tooManyOfUser, .rateExceeded, .handshakeFailed:
            "Client \(client) [\(address)] disconnected: \(words)."
        }
    }

    /// The end in words, without who it concerns.
    var words: String {
        switch self {
        case .disconnected: "disconnected"
        case .connectionLost: "connection lost"
        case .keepAliveExceeded: "exceeded timeout"
        case .protocolError: "protocol error"
        case .malformedPacket: "malformed packet"
        case .packetTooLarge: "oversize packet"
        case .notAuthorized: "not authorised"
        case .tokenExpired: "token expired"
        case .takenOver: "session taken over"
        case .serverShuttingDown: "server shutting down"
        case .noConnect: "no CONNECT in time"
        case .storeRefused: "retained message refused by the store"
        case .storeDamaged: "a retained message could not be read"
        case .banned: "banned after refused logins"
        case .tooManyConnections: "too many connections from this address"
        case .tooManyOfUser: "too many connections of this user"
        case .rateExceeded: "message rate too high"
        case .handshakeFailed: "TLS handshake failed"
        case .quotaExceeded: "quota exceeded"
        }
    }
}
