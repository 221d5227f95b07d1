/// The proxies that are believed about where a client is, and the header in which they say it.
public struct TrustedProxies: Sendable, Equatable {
    /// The header that the proxies write.
    public enum Header: String, Sendable, CaseIterable {
        /// One address, set by Cloudflare's edge.
        case cfConnectingIP = "cf-connecting-ip"
        /// A list to whose end every proxy adds whom it talked to; what stands in front of that is anybody's word.
        case xForwardedFor = "x-forwarded-for"
    }

    public var ranges: [AddressRange]
    public var header: Header

    public init(ranges: [AddressRange], header: Header) {
        self.ranges = ranges
        self.header = header
    }

    func contains(_ address: InternetAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// Where a client really is.
    ///
    /// - Parameters:
    ///   - peer: who opened the connection.
    ///   - values: the header's values, in the order of the request.
    /// - Returns: `peer` where it is no trusted proxy, or says nothing that can be understood.
    func client(of peer: Peer, values: [String]) -> Peer {
        guard let address = peer.address, contains(address) else { return peer }
        switch header {
        case .cfConnectingIP:
            // Twice would mean that one of the two came from the client.
            guard values.count == 1, let client = Self.address(values[0][...]) else { return peer }
            return Peer(client, port: 0)
        case .xForwardedFor:
            var found: InternetAddress?
            let entries = values.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
            // From the end: each trusted proxy answers for the entry in front of its own.
            for entry in entries.reversed() {
                guard let client = Self.address(entry) else { break }
                found = client
                if !contains(client) { break }
            }
            return found.map { Peer($0, port: 0) } ?? peer
        }
    }

    private static func address(_ text: Substring) -> InternetAddress? {
        InternetAddress(text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
    }
}
