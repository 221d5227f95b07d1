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
            let descriptor = try RawSocket.connect(port: broker.port)
            defer { close(descriptor) }
            let connect = Hexadecimal.bytes("10 10 0004 4d515454 05 02 0000 02 1700 0001 61")
            #expect(write(descriptor, connect, connect.count) == connect.count)
            let connack = RawSocket.read(descriptor, count: 16)
            #expect(connack.bytes.first == 0x20 && connack.end == nil)
            // A packet of type 0, and a megabyte behind it.
            let noise = Array(repeating: UInt8(0), count: 1 << 20)
            let flags = fcntl(descriptor, F_GETFL)
            _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
            _ = write(descriptor, noise, noise.count)
            _ = fcntl(descriptor, F_SETFL, flags)
            let rest = RawSocket.read(descriptor, count: .max)
            #expect(Hexadecimal.text(rest.bytes) == "e0 01 81")
            #expect(rest.end == 0, "the end of the stream, and no error")
        }
    }
}
