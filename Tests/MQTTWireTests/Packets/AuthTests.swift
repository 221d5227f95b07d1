import MQTTWire
import Testing

@Suite("AUTH (3.15)")
struct AuthTests {
    @Test(
        arguments: [
            (
                AuthSamples.continuing,
                Auth(
                    reasonCode: .continueAuthentication,
                    authenticationMethod: "SCRAM",
                    authenticationData: [0x00, 0xFF]
                )
            ),
            (
                AuthSamples.explained,
                Auth(
                    reasonCode: .continueAuthentication,
                    authenticationMethod: "SCRAM",
                    authenticationData: [0x00, 0xFF],
                    reasonString: "go",
                    userProperties: [UserProperty(name: "k", value: "v")]
                )
            ),
            (AuthSamples.success, Auth(reasonCode: .success, authenticationMethod: nil)),
        ] as [(Sample, Auth)]
    )
    func bothWays(_ sample: Sample, _ auth: Auth) throws {
        let read = try withFrame(sample.transcript) {
            try Auth($0, version: sample.version, sender: sample.sender)
        }
        #expect(read == auth)
        expectEqual(written { auth.write(to: &$0) }, sample.transcript)
    }

    @Test("Each side has reason codes of its own (table 3-11)")
    func reasonCodes() {
        for value in 0...UInt8.max {
            let packet = Transcript(bytes: [0xF0, 6, value, 4, 0x15, 0, 1, 0x6D])
            let fromClient = try? withFrame(packet) { try Auth($0, version: .v50, sender: .client) }
            let fromServer = try? withFrame(packet) { try Auth($0, version: .v50, sender: .server) }
            #expect((fromClient != nil) == (value == 0x18 || value == 0x19), "\(packet)")
            #expect((fromServer != nil) == (value == 0x18 || value == 0x00), "\(packet)")
        }
    }

    @Test(arguments: [
        MalformedPacket("success of a client", .v50, .reasonCodeUnknown, "f0 00"),
        MalformedPacket("no method", .v50, .authenticationMethodMissing, "f0 02 18 00"),
        MalformedPacket("no property length", .v50, .fieldTruncated, "f0 01 18"),
        MalformedPacket("method twice", .v50, .propertyRepeated, "f0 0a 18 08 15 00 01 'a' 15 00 01 'a'"),
        MalformedPacket("topic alias", .v50, .propertyNotAllowed, "f0 09 18 07 15 00 01 'a' 23 00 01"),
        MalformedPacket("bytes left over", .v50, .bytesLeftOver, "f0 07 18 04 15 00 01 'a' 00"),
        MalformedPacket("in 3.1.1", .v311, .packetTypeReserved, "f0 06 18 04 15 00 01 'a'"),
        MalformedPacket("in 3.1", .v31, .packetTypeReserved, "f0 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Auth($0, version: packet.version) }
    }
}
