/// A network, or one address: `172.16.0.0/12`, `::1`.
public struct AddressRange: Sendable, Hashable {
    private let network: [UInt8]
    private let prefixBits: Int

    /// - Parameter text: an address, with a slash and the number of bits that count where it is a network (RFC 4632).
    /// - Returns: `nil` for anything else, a network with bits behind its prefix among it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = InternetAddress(first) else { return nil }
        network = address.bytes
        let all = network.count * 8
        guard parts.count == 2 else {
            prefixBits = all
            return
        }
        guard let bits = Int(parts[1]), (0...all).contains(bits) else { return nil }
        prefixBits = bits
        for bit in bits..<all where network[bit / 8] & 0x80 >> (bit % 8) != 0 { return nil }
    }

    /// Whether an address lies in the network.
    public func contains(_ address: InternetAddress) -> Bool {
        guard address.bytes.count == network.count else { return false }
        let whole = prefixBits / 8
        guard address.bytes[..<whole] == network[..<whole] else { return false }
        guard prefixBits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (prefixBits % 8))
        return address.bytes[whole] & mask == network[whole]
    }
}
