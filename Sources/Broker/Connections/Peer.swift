import NIOCore

/// Where a client is, as the log names it.
struct Peer: Equatable, CustomStringConvertible {
    /// `ADDRESS:PORT`.
    let description: String

    static let unknown = Peer(description: "unknown")

    private init(description: String) {
        self.description = description
    }

    init(_ address: SocketAddress?) {
        guard let address else {
            self = Peer(description: "local")
            return
        }
        self.init(description: "\(address.ipAddress ?? "local"):\(address.port ?? 0)")
    }
}
