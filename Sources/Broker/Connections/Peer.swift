import NIOCore

/// Where a client is, as the log names it.
struct Peer: Equatable, CustomStringConvertible {
    /// `ADDRESS:PORT`, the port 0 where only a proxy knows it.
    let description: String
    /// The address alone; `nil` for a client of this machine that has none.
    let address: InternetAddress?

    private init(description: String, address: InternetAddress?) {
        self.description = description
        self.address = address
    }

    init(_ address: SocketAddress?) {
        guard let address, let internet = InternetAddress(address) else {
            self = Peer(description: address == nil ? "local" : "local:0", address: nil)
            return
        }
        self.init(internet, port: address.port ?? 0)
    }

    init(_ address: InternetAddress, port: Int) {
        self.init(description: "\(address):\(port)", address: address)
    }
}
