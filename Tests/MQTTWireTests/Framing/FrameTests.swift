import MQTTWire
import Testing

@Suite("Frames in a read buffer")
struct FrameTests {
    @Test("Packets are cut one after the other, without a copy")
    func sequence() throws {
        let stream: Transcript = """
            c0 00                      // PINGREQ
            30 05  00 03 'a/b'         // PUBLISH without payload
            40 02  00 01               // PUBACK
            e0 00                      // DISCONNECT
            """
        try withGuardedBytes(stream.bytes) { bytes in
            var rest = bytes
            var types: [PacketType] = []
            while let frame = try Frame.next(in: rest, packetBytesMax: 100) {
                types.append(frame.type)
                let headerBytes = frame.totalBytes - frame.body.count
                #expect(frame.body.baseAddress == rest.baseAddress?.advanced(by: headerBytes))
                rest = UnsafeRawBufferPointer(rebasing: rest[frame.totalBytes...])
            }
            #expect(types == [.pingreq, .publish, .puback, .disconnect])
            #expect(rest.isEmpty)
        }
    }

    @Test("A packet that is not complete yet is no frame, at whatever byte it is cut")
    func incomplete() throws {
        let packet: Transcript = "30 0a  00 03 'a/b' 'hello'"
        for count in 0...packet.bytes.count {
            let totalBytes = try withGuardedBytes(packet.bytes.prefix(count)) { bytes in
                try Frame.next(in: bytes, packetBytesMax: 100)?.totalBytes
            }
            #expect(totalBytes == (count == 12 ? 12 : nil), "\(count) bytes")
        }
    }
}
