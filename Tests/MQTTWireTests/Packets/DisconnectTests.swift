import MQTTWire
import Testing

@Suite("DISCONNECT (3.14)")
struct DisconnectTests {
    @Test(
        arguments: [
            (DisconnectSamples.plain311, Disconnect()),
            (DisconnectSamples.plain31, Disconnect()),
            (DisconnectSamples.plain50, Disconnect()),
            (DisconnectSamples.withWill50, Disconnect(reasonCode: .disconnectWithWillMessage)),
            (DisconnectSamples.sessionExpiry50, Disconnect(sessionExpirySeconds: 0)),
            (DisconnectSamples.ofServer50, Disconnect(reasonCode: .sessionTakenOver)),
            (
                DisconnectSamples.explained50,
                Disconnect(
                    reasonCode: .useAnotherServer,
                    reasonString: "no",
                    userProperties: [UserProperty(name: "k", value: "v")],
                    serverReference: "other"
                )
            ),
        ] as [(Sample, Disconnect)]
    )
    func bothWays(_ sample: Sample, _ disconnect: Disconnect) throws {
        #expect(try read(sample) == disconnect)
        expectEqual(written { disconnect.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test func emptyProperties() throws {
        #expect(try read(DisconnectSamples.emptyProperties50) == Disconnect())
    }

    @Test("Below 5.0 the packet has no contents, whatever the reason")
    func reasonIn311() {
        let disconnect = Disconnect(reasonCode: .serverShuttingDown, reasonString: "bye")
        expectEqual(written { disconnect.write(to: &$0, version: .v311) }, "e0 00")
    }

    /// Table 3-10 of 5.0, for all 256 values and both senders; 0x8C is not in it, but in table 2-6.
    @Test func reasonCodes() {
        let ofBoth: Set<UInt8> = [
            0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
        ]
        let ofServer: Set<UInt8> = [
            0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
        ]
        for value in 0...UInt8.max {
            let packet = Transcript(bytes: [0xE0, 1, value])
            let fromClient = try? withFrame(packet) { try Disconnect($0, version: .v50, sender: .client) }
            let fromServer = try? withFrame(packet) { try Disconnect($0, version: .v50, sender: .server) }
            #expect((fromClient != nil) == (ofBoth.contains(value) || value == 0x04), "\(packet)")
            #expect((fromServer != nil) == (ofBoth.contains(value) || ofServer.contains(value)), "\(packet)")
        }
    }

    @Test(arguments: [
        MalformedPacket("contents in 3.1.1", .v311, .bytesLeftOver, "e0 01 00"),
        MalformedPacket("contents in 3.1", .v31, .bytesLeftOver, "e0 01 00"),
        MalformedPacket("server reference of a client", .v50, .propertyNotAllowed, "e0 06 00 04 1c 00 01 'x'"),
        MalformedPacket(
            "session expiry twice",
            .v50,
            .propertyRepeated,
            "e0 0c 00 0a 11 00 00 00 00 11 00 00 00 00"
        ),
        MalformedPacket("property length too long", .v50, .fieldTruncated, "e0 02 00 01"),
        MalformedPacket("bytes left over", .v50, .bytesLeftOver, "e0 03 00 00 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Disconnect($0, version: packet.version) }
    }

    @Test("A server does not set the session expiry [MQTT-3.14.2-2]")
    func sessionExpiryOfServer() {
        MalformedPacket("", .v50, .propertyNotAllowed, DisconnectSamples.sessionExpiry50.transcript)
            .expectRefusal { _ = try Disconnect($0, version: .v50, sender: .server) }
    }

    private func read(_ sample: Sample) throws -> Disconnect {
        try withFrame(sample.transcript) { try Disconnect($0, version: sample.version, sender: sample.sender) }
    }
}
