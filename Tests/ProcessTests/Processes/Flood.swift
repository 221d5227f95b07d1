import Glibc
import Testing

/// Many connections that say something and then nothing more.
final class Flood {
    private var descriptors: [Int32] = []

    /// Opens the connections and sends the same bytes on each.
    init(of count: Int, to port: Int, sending bytes: [UInt8]) throws {
        for _ in 0..<count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try #require(descriptor >= 0)
            descriptors.append(descriptor)
            var timeout = timeval(tv_sec: 30, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port)).bigEndian
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(result == 0, "errno \(errno)")
            guard !bytes.isEmpty else { continue }
            try #require(write(descriptor, bytes, bytes.count) == bytes.count, "errno \(errno)")
        }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    /// Waits until the other side has ended them, whatever it says before.
    ///
    /// - Returns: how many ended within half a minute.
    func ended() -> Int {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        return descriptors.count { descriptor in
            while true {
                let got = read(descriptor, &buffer, buffer.count)
                if got > 0 || got < 0 && errno == EINTR { continue }
                return got == 0 || errno == ECONNRESET
            }
        }
    }
}
