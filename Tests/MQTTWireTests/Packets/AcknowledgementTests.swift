import MQTTWire
import Testing

@Suite("PUBACK, PUBREC, PUBREL, PUBCOMP (3.4–3.7)")
struct AcknowledgementTests {
    @Test(
        arguments: [
            (AcknowledgementSamples.puback311, Acknowledgement(.puback, packetIdentifier: 10)),
            (AcknowledgementSamples.pubrec311, Acknowledgement(.pubrec, packetIdentifier: 0x1234)),
            (AcknowledgementSamples.pubrel311, Acknowledgement(.pubrel, packetIdentifier: 1)),
            (AcknowledgementSamples.pubcomp311, Acknowledgement(.pubcomp, packetIdentifier: 65_535)),
            (AcknowledgementSamples.puback50, Acknowledgement(.puback, packetIdentifier: 10)),
            (
                AcknowledgementSamples.refusingPuback50,
                Acknowledgement(.puback, packetIdentifier: 10, reasonCode: .notAuthorized)
            ),
            (
                AcknowledgementSamples.pubrel50,
                Acknowledgement(.pubrel, packetIdentifier: 1, reasonCode: .packetIdentifierNotFound)
            ),
        ] as [(Sample, Acknowledgement)]
    )
    func bothWays(_ sample: Sample, _ acknowledgement: Acknowledgement) throws {
        #expect(try read(sample) == acknowledgement)
        expectEqual(written { acknowledgement.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("Properties are validated and passed over")
    func properties() throws {
        #expect(
            try read(AcknowledgementSamples.emptyProperties50)
                == Acknowledgement(.pubrec, packetIdentifier: 10, reasonCode: .noMatchingSubscribers)
        )
        #expect(
            try read(AcknowledgementSamples.explained50)
                == Acknowledgement(.pubcomp, packetIdentifier: 10, reasonCode: .packetIdentifierNotFound)
        )
    }

    @Test("3.1 repeats PUBREL with DUP; later versions forbid it")
    func duplicatePubrel() throws {
        #expect(
            try read(AcknowledgementSamples.repeatedPubrel31) == Acknowledgement(.pubrel, packetIdentifier: 1)
        )
        for version in [ProtocolVersion.v311, .v50] {
            MalformedPacket("DUP", version, .flagsReserved, "6a 02 00 01")
                .expectRefusal { _ = try Acknowledgement($0, version: version) }
        }
    }

    @Test("Below 5.0 the reason code is not written")
    func reasonCodeIn311() {
        let acknowledgement = Acknowledgement(.puback, packetIdentifier: 1, reasonCode: .notAuthorized)
        expectEqual(written { acknowledgement.write(to: &$0, version: .v311) }, "40 02 00 01")
    }

    /// Tables 3-4, 3-5, 3-6 and 3-7 of 5.0, for all 256 values.
    @Test(arguments: Acknowledgement.Kind.allCases)
    func reasonCodes(_ kind: Acknowledgement.Kind) {
        let allowed: Set<UInt8> =
            switch kind {
            case .puback, .pubrec: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]
            case .pubrel, .pubcomp: [0x00, 0x92]
            }
        let first = kind.rawValue << 4 | (kind == .pubrel ? 0x02 : 0)
        for value in 0...UInt8.max {
            let packet = Transcript(bytes: [first, 3, 0, 1, value])
            let read = try? withFrame(packet) { try Acknowledgement($0, version: .v50) }
            #expect((read?.reasonCode.rawValue == value) == allowed.contains(value), "\(packet)")
        }
    }

    @Test(arguments: [
        MalformedPacket("identifier 0", .v311, .packetIdentifierZero, "40 02 00 00"),
        MalformedPacket("identifier 0", .v50, .packetIdentifierZero, "62 02 00 00"),
        MalformedPacket("one byte", .v311, .fieldTruncated, "40 01 00"),
        MalformedPacket("empty", .v50, .fieldTruncated, "70 00"),
        MalformedPacket("reason code in 3.1.1", .v311, .bytesLeftOver, "40 03 00 01 00"),
        MalformedPacket("property length too long", .v50, .fieldTruncated, "40 04 00 01 00 01"),
        MalformedPacket("bytes left over", .v50, .bytesLeftOver, "40 05 00 01 00 00 00"),
        MalformedPacket("reason string twice", .v50, .propertyRepeated, "40 0a 00 01 00 06 1f 00 00 1f 00 00"),
        MalformedPacket("topic alias", .v50, .propertyNotAllowed, "40 07 00 01 00 03 23 00 01"),
        MalformedPacket("reason string of broken UTF-8", .v50, .textMalformed, "40 08 00 01 00 04 1f 00 01 ff"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Acknowledgement($0, version: packet.version) }
    }

    private func read(_ sample: Sample) throws -> Acknowledgement {
        try withFrame(sample.transcript) { try Acknowledgement($0, version: sample.version) }
    }
}
