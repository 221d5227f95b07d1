import BrokerTesting
import Glibc

/// A socket of the operating system: no event loop, no buffer, and errors as they are.
enum RawSocket {
    static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw ClientFailure.unexpected("errno \(errno)") }
        return descriptor
    }

    /// - Returns: what came, up to `count` bytes, and how it ended: 0 for the end of the stream, else the error; nil if it did not end.
    static func read(_ descriptor: Int32, count: Int) -> (bytes: [UInt8], end: Int32?) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < count {
            let got = Glibc.read(descriptor, &buffer, min(buffer.count, count - bytes.count))
            if got < 0, errno == EINTR { continue }
            if got <= 0 { return (bytes, got == 0 ? 0 : errno) }
            bytes += buffer[..<got]
        }
        return (bytes, nil)
    }
}
