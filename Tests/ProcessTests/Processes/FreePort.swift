import Glibc
import Synchronization
import Testing

/// Ports on loopback that nobody listens on.
///
/// They lie below the range from which the kernel hands out ports by itself (ip(7), `ip_local_port_range`), so that no
/// connection of a test that runs beside takes one between the choice and its use; and none is given out twice.
enum FreePort {
    private static let range = 10_000..<30_000
    private static let position = Mutex(Int.random(in: range))

    /// A port that nobody listens on.
    static func next() throws -> Int {
        for _ in range {
            let port = position.withLock { position in
                position = position + 1 < range.upperBound ? position + 1 : range.lowerBound
                return position
            }
            if isFree(port) { return port }
        }
        Issue.record("no port is free")
        throw NoneFree()
    }

    private struct NoneFree: Error {}

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
