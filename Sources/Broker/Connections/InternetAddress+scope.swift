extension InternetAddress {
    /// The machine itself, its link, private networks, and those that a carrier shares among its customers (RFC 6890).
    private static let localRanges = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "::/127", "fc00::/7", "fe80::/10",
    ].compactMap(AddressRange.init)

    /// What limits go by: an IPv4 address, or the /64 of an IPv6 client, which can choose addresses of it as it likes.
    var subscriberPart: [UInt8] { Array(bytes.prefix(bytes.count == 16 ? 8 : 4)) }

    /// Whether it is one of the internet's.
    var isPublic: Bool { !Self.localRanges.contains { $0.contains(self) } }
}
