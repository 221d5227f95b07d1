import MQTTWire
import Testing

@Suite("UNSUBACK (3.11)")
struct UnsubackTests {
    @Test(
        arguments: [
            (UnsubackSamples.plain311, Unsuback(packetIdentifier: 10, reasonCodes: [])),
            (
                UnsubackSamples.codes50,
                Unsuback(packetIdentifier: 10, reasonCodes: [.success, .noSubscriptionExisted])
            ),
            (
                UnsubackSamples.explained50,
                Unsuback(
                    packetIdentifier: 10,
                    reasonCodes: [.notAuthorized],
                    reasonString: "no",
                    userProperties: [UserProperty(name: "k", value: "v")]
                )
            ),
        ] as [(Sample, Unsuback)]
    )
    func bothWays(_ sample: Sample, _ unsuback: Unsuback) throws {
        let read = try withFrame(sample.transcript) { try Unsuback($0, version: sample.version) }
        #expect(read == unsuback)
        expectEqual(written { unsuback.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("Below 5.0 reason codes are not written")
    func codesIn311() {
        let unsuback = Unsuback(packetIdentifier: 10, reasonCodes: [.success, .noSubscriptionExisted])
        expectEqual(written { unsuback.write(to: &$0, version: .v311) }, UnsubackSamples.plain311.transcript)
    }

    @Test(arguments: [
        MalformedPacket("codes in 3.1.1", .v311, .bytesLeftOver, "b0 03 00 01 00"),
        MalformedPacket("no code", .v50, .fieldTruncated, "b0 03 00 01 00"),
        MalformedPacket("code of SUBACK", .v50, .reasonCodeUnknown, "b0 04 00 01 00 01"),
        MalformedPacket("identifier 0", .v311, .packetIdentifierZero, "b0 02 00 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Unsuback($0, version: packet.version) }
    }
}
