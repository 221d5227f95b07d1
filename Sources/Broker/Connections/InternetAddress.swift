import Glibc
import NIOCore

/// An IPv4 or IPv6 address as bytes, to be compared.
///
/// An IPv4 address that came through a socket of both families (`::ffff:192.0.2.1`) is that IPv4 address: rules and log lines know no other.
public struct InternetAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 of them.
    let bytes: [UInt8]

    /// - Parameter text: as RFC 4291 or dotted decimals write it, without a port, a zone or brackets.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(bytes: Array(bytes.prefix(4)))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(bytes: bytes)
        } else {
            return nil
        }
    }

    /// - Returns: `nil` for an address of another kind.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }

    /// - Parameter bytes: 4 or 16, in the order of the network.
    init(bytes: [UInt8]) {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        self.bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    /// As the log has it.
    public var description: String {
        guard let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0) else { return "" }
        return address.ipAddress ?? ""
    }
}
