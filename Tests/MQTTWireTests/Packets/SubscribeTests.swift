import MQTTWire
import Testing

@Suite("SUBSCRIBE (3.8)")
struct SubscribeTests {
    @Test(
        arguments: [
            (SubscribeSamples.two311, two),
            (SubscribeSamples.options50, options),
            (SubscribeSamples.minimal50, minimal),
        ] as [(Sample, Subscribe)]
    )
    func bothWays(_ sample: Sample, _ subscribe: Subscribe) throws {
        #expect(try read(sample) == subscribe)
        expectEqual(written { subscribe.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("3.1 repeats SUBSCRIBE with DUP; later versions forbid it")
    func duplicate() throws {
        #expect(try read(SubscribeSamples.repeated31).subscriptions.map(\.filter) == ["a/b"])
        MalformedPacket("DUP", .v311, .flagsReserved, SubscribeSamples.repeated31.transcript)
            .expectRefusal { _ = try Subscribe($0, version: .v311) }
    }

    @Test("What 3.1.1 does not have is not written")
    func optionsIn311() {
        let bytes = written { SubscribeTests.options.write(to: &$0, version: .v311) }
        expectEqual(bytes, "82 1e 00 0a 00 03 'a/b' 02 00 01 '#' 01 00 0f '$share/g/+/size' 00")
    }

    @Test(arguments: [
        MalformedPacket("identifier 0", .v311, .packetIdentifierZero, "82 08 00 00 00 03 'a/b' 00"),
        MalformedPacket("no filter", .v311, .topicFiltersMissing, "82 02 00 01"),
        MalformedPacket("no filter", .v50, .topicFiltersMissing, "82 03 00 01 00"),
        MalformedPacket("no options", .v311, .fieldTruncated, "82 07 00 01 00 03 'a/b'"),
        MalformedPacket("QoS 3", .v311, .subscriptionOptionsInvalid, "82 08 00 01 00 03 'a/b' 03"),
        MalformedPacket("QoS 3", .v50, .subscriptionOptionsInvalid, "82 09 00 01 00 00 03 'a/b' 03"),
        MalformedPacket("options of 5.0", .v311, .subscriptionOptionsReserved, "82 08 00 01 00 03 'a/b' 04"),
        MalformedPacket("reserved bit 6", .v50, .subscriptionOptionsReserved, "82 09 00 01 00 00 03 'a/b' 40"),
        MalformedPacket("reserved bit 7", .v50, .subscriptionOptionsReserved, "82 09 00 01 00 00 03 'a/b' 80"),
        MalformedPacket("retain handling 3", .v50, .subscriptionOptionsInvalid, "82 09 00 01 00 00 03 'a/b' 30"),
        MalformedPacket("No Local, shared", .v50, .noLocalOnSharedSubscription, "82 10 00 01 00 00 0a '$share/g/a' 04"),
        MalformedPacket("empty filter", .v311, .topicFilterMalformed, "82 05 00 01 00 00 00"),
        MalformedPacket("malformed filter", .v50, .topicFilterMalformed, "82 08 00 01 00 00 02 'a#' 00"),
        MalformedPacket("second filter malformed", .v311, .topicFilterMalformed, "82 09 00 01 00 01 'a' 00 00 00 00"),
        MalformedPacket("filter of broken UTF-8", .v311, .textMalformed, "82 06 00 01 00 01 ff 00"),
        MalformedPacket("filter with U+0000", .v311, .textMalformed, "82 06 00 01 00 01 00 00"),
        MalformedPacket("subscription identifier 0", .v50, .propertyValueInvalid, "82 09 00 01 02 0b 00 00 01 'a' 00"),
        MalformedPacket("two identifiers", .v50, .propertyRepeated, "82 0b 00 01 04 0b 01 0b 02 00 01 'a' 00"),
        MalformedPacket(
            "padded identifier",
            .v50,
            .variableByteIntegerMalformed,
            "82 0a 00 01 03 0b 81 00 00 01 'a' 00"
        ),
        MalformedPacket(
            "identifier of five bytes",
            .v50,
            .variableByteIntegerMalformed,
            "82 0d 00 01 06 0b ff ff ff ff 01 00 01 'a' 00"
        ),
        MalformedPacket("reason string", .v50, .propertyNotAllowed, "82 0a 00 01 03 1f 00 00 00 01 'a' 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Subscribe($0, version: packet.version) }
    }

    private func read(_ sample: Sample) throws -> Subscribe {
        try withFrame(sample.transcript) { try Subscribe($0, version: sample.version) }
    }

    private static let two = Subscribe(
        packetIdentifier: 10,
        subscriptions: [
            Subscription(filter: "a/b", maximumQoS: .atLeastOnce),
            Subscription(filter: "c/d", maximumQoS: .exactlyOnce),
        ]
    )

    private static let options = Subscribe(
        packetIdentifier: 10,
        subscriptions: [
            Subscription(
                filter: "a/b",
                maximumQoS: .exactlyOnce,
                isNoLocal: true,
                isRetainAsPublished: true,
                retainHandling: .never
            ),
            Subscription(filter: "#", maximumQoS: .atLeastOnce, retainHandling: .ifNew),
            Subscription(filter: "$share/g/+/size", maximumQoS: .atMostOnce, isRetainAsPublished: true),
        ],
        subscriptionIdentifier: 16_383,
        userProperties: [UserProperty(name: "k", value: "v")]
    )

    private static let minimal = Subscribe(
        packetIdentifier: 10,
        subscriptions: [Subscription(filter: "+", maximumQoS: .atMostOnce)]
    )
}
