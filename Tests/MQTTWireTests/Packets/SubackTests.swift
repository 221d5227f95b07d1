import MQTTWire
import Testing

@Suite("SUBACK (3.9)")
struct SubackTests {
    @Test(
        arguments: [
            (
                SubackSamples.granted311,
                Suback(packetIdentifier: 10, reasonCodes: [.grantedQoS1, .grantedQoS2, .unspecifiedError])
            ),
            (SubackSamples.granted31, Suback(packetIdentifier: 10, reasonCodes: [ReasonCode(granted: .atMostOnce)])),
            (SubackSamples.granted50, Suback(packetIdentifier: 10, reasonCodes: [.grantedQoS1, .notAuthorized])),
            (
                SubackSamples.explained50,
                Suback(
                    packetIdentifier: 10,
                    reasonCodes: [.wildcardSubscriptionsNotSupported],
                    reasonString: "no",
                    userProperties: [UserProperty(name: "k", value: "v")]
                )
            ),
        ] as [(Sample, Suback)]
    )
    func bothWays(_ sample: Sample, _ suback: Suback) throws {
        let read = try withFrame(sample.transcript) { try Suback($0, version: sample.version) }
        #expect(read == suback)
        expectEqual(written { suback.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("Every failure is 0x80 in 3.1.1")
    func failureIn311() {
        let suback = Suback(packetIdentifier: 1, reasonCodes: [.grantedQoS2, .notAuthorized, .quotaExceeded])
        expectEqual(written { suback.write(to: &$0, version: .v311) }, "90 05 00 01 02 80 80")
    }

    @Test(arguments: [
        MalformedPacket("no code", .v311, .fieldTruncated, "90 02 00 01"),
        MalformedPacket("no code", .v50, .fieldTruncated, "90 03 00 01 00"),
        MalformedPacket("QoS 3", .v311, .reasonCodeUnknown, "90 03 00 01 03"),
        MalformedPacket("code of 5.0", .v311, .reasonCodeUnknown, "90 03 00 01 87"),
        MalformedPacket("code of PUBACK", .v50, .reasonCodeUnknown, "90 04 00 01 00 10"),
        MalformedPacket("identifier 0", .v50, .packetIdentifierZero, "90 04 00 00 00 00"),
        MalformedPacket("reason string twice", .v50, .propertyRepeated, "90 0a 00 01 06 1f 00 00 1f 00 00 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Suback($0, version: packet.version) }
    }
}
