import MQTTWire
import Testing

@Suite("UNSUBSCRIBE (3.10)")
struct UnsubscribeTests {
    @Test(
        arguments: [
            (UnsubscribeSamples.two311, Unsubscribe(packetIdentifier: 10, filters: ["a/b", "c/#"])),
            (UnsubscribeSamples.minimal50, Unsubscribe(packetIdentifier: 10, filters: ["a/b"])),
            (
                UnsubscribeSamples.explained50,
                Unsubscribe(
                    packetIdentifier: 10,
                    filters: ["$share/g/a"],
                    userProperties: [UserProperty(name: "k", value: "v")]
                )
            ),
        ] as [(Sample, Unsubscribe)]
    )
    func bothWays(_ sample: Sample, _ unsubscribe: Unsubscribe) throws {
        let read = try withFrame(sample.transcript) { try Unsubscribe($0, version: sample.version) }
        #expect(read == unsubscribe)
        expectEqual(written { unsubscribe.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("3.1 repeats UNSUBSCRIBE with DUP; later versions forbid it")
    func duplicate() throws {
        let transcript = UnsubscribeSamples.repeated31.transcript
        #expect(try withFrame(transcript) { try Unsubscribe($0, version: .v31).filters } == ["a/b"])
        MalformedPacket("DUP", .v311, .flagsReserved, transcript)
            .expectRefusal { _ = try Unsubscribe($0, version: .v311) }
    }

    @Test(arguments: [
        MalformedPacket("no filter", .v311, .topicFiltersMissing, "a2 02 00 01"),
        MalformedPacket("no filter", .v50, .topicFiltersMissing, "a2 03 00 01 00"),
        MalformedPacket("identifier 0", .v311, .packetIdentifierZero, "a2 05 00 00 00 01 'a'"),
        MalformedPacket("empty filter", .v311, .topicFilterMalformed, "a2 04 00 01 00 00"),
        MalformedPacket("malformed filter", .v311, .topicFilterMalformed, "a2 06 00 01 00 02 'a+'"),
        MalformedPacket("truncated filter", .v311, .fieldTruncated, "a2 05 00 01 00 02 'a'"),
        MalformedPacket("one byte left over", .v311, .fieldTruncated, "a2 06 00 01 00 01 'a' 00"),
        MalformedPacket("subscription identifier", .v50, .propertyNotAllowed, "a2 08 00 01 02 0b 01 00 01 'a'"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Unsubscribe($0, version: packet.version) }
    }
}
