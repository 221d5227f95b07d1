import BrokerTesting
import Glibc
import MQTTWire
import Testing

/// The last packet, which says why the connection ends, is not lost to a reset.
struct LingeringCloseTests {
    /// The client sends far more than the broker reads before it finds the fault; a socket closed with bytes unread would be reset.
    @Test(.timeLimit(.minutes(2)))
    func whatIsStillUnderWayResetsNothing() async throws {
        try await BrokerHarness.run { broker in
            let descriptor = try Self.connect(port: broker.port)
            defer { close(descriptor) }
            let connect = Hexadecimal.bytes("10 0e 0004 4d515454 05 02 0000 00 0001 61")
            #expect(write(descriptor, connect, connect.count) == connect.count)
            let connack = Self.read(descriptor, count: 16)
            #expect(connack.bytes.first == 0x20 && connack.end == nil)
            // A packet of type 0, and a megabyte behind it.
            let noise = Array(repeating: UInt8(0), count: 1 << 20)
            let flags = fcntl(descriptor, F_GETFL)
            _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
            _ = write(descriptor, noise, noise.count)
            _ = fcntl(descriptor, F_SETFL, flags)
            let rest = Self.read(descriptor, count: .max)
            #expect(Hexadecimal.text(rest.bytes) == "e0 01 81")
            #expect(rest.end == 0, "the end of the stream, and no error")
        }
    }

    private static func connect(port: Int) throws -> Int32 {
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
    private static func read(_ descriptor: Int32, count: Int) -> (bytes: [UInt8], end: Int32?) {
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
