import MQTTWire
import NIOCore
import Testing

@Suite("PUBLISH, read (3.3)")
struct PublishViewTests {
    @Test func atMostOnce311() throws {
        try withView(PublishSamples.atMostOnce311) { view in
            #expect(text(view.topic) == "a/b")
            #expect(text(view.payload) == "hello")
            #expect(view.qos == .atMostOnce)
            #expect(view.packetIdentifier == 0)
            #expect(!view.isRetained)
            #expect(!view.isDuplicate)
            #expect(view.topicAlias == 0)
            #expect(view.messageExpirySeconds == nil)
            #expect(view.forwardedProperties.isEmpty)
            #expect(view.subscriptionIdentifiers.isEmpty)
        }
    }

    @Test func flags() throws {
        try withView(PublishSamples.empty311) { view in
            #expect(view.isRetained)
            #expect(view.payload.isEmpty)
        }
        try withView(PublishSamples.repeated311) { view in
            #expect(view.isDuplicate)
            #expect(!view.isRetained)
            #expect(view.qos == .atLeastOnce)
            #expect(view.packetIdentifier == 10)
        }
        try withView(PublishSamples.exactlyOnce31) { view in
            #expect(view.isRetained)
            #expect(view.qos == .exactlyOnce)
            #expect(view.packetIdentifier == 0x1234)
        }
    }

    @Test("Topic, payload and properties are slices of the packet, not copies")
    func zeroCopy() throws {
        try withFrame(PublishSamples.full50.transcript) { frame in
            let view = try PublishView(frame, version: .v50, sender: .server)
            let body = try #require(frame.body.baseAddress)
            #expect(view.topic.baseAddress == body + 2)
            // Topic with its length, packet identifier, property length, alias, expiry.
            #expect(view.forwardedProperties.contiguous?.baseAddress == body + 16)
            #expect(view.payload.baseAddress == body + frame.body.count - view.payload.count)
        }
    }

    @Test func withoutProperties50() throws {
        try withView(PublishSamples.figure50) { view in
            #expect(text(view.topic) == "a/b")
            #expect(view.packetIdentifier == 10)
            #expect(view.payload.isEmpty)
            #expect(view.forwardedProperties.contiguous?.count == 0)
        }
    }

    @Test("An alias or an expiry alone leaves nothing to forward")
    func aliasAndExpiry() throws {
        try withView(PublishSamples.alias50) { view in
            #expect(view.topic.isEmpty)
            #expect(view.topicAlias == 7)
            #expect(view.forwardedProperties.contiguous?.count == 0)
            #expect(text(view.payload) == "abc")
        }
        try withView(PublishSamples.expiry50) { view in
            #expect(view.messageExpirySeconds == 60)
            #expect(view.topicAlias == 0)
            #expect(view.forwardedProperties.contiguous?.count == 0)
        }
    }

    @Test func everything() throws {
        try withView(PublishSamples.full50) { view in
            #expect(view.qos == .exactlyOnce)
            #expect(view.isRetained)
            #expect(view.isDuplicate)
            #expect(view.topicAlias == 7)
            #expect(view.messageExpirySeconds == 60)
            #expect(view.subscriptionIdentifiers == [1, 268_435_455])
            let properties = view.forwardedProperties
            #expect(properties.payloadIsUTF8)
            #expect(properties.contentType == "text/plain")
            #expect(properties.responseTopic.map(text) == "r/e")
            #expect(properties.correlationData.map(Array.init) == [0, 1, 2, 3])
            #expect(
                properties.userProperties == [
                    UserProperty(name: "k", value: "v"), UserProperty(name: "k", value: "w"),
                ]
            )
        }
    }

    /// A PUBLISH at QoS 0 on `a/b` around a property section.
    private static func packet(_ section: Transcript, payload: Transcript = "") -> Transcript {
        let body = [0, 3] + Array("a/b".utf8) + [UInt8(section.bytes.count)] + section.bytes + payload.bytes
        return Transcript(bytes: [0x30, UInt8(body.count)] + body)
    }

    @Test(arguments: [
        MalformedPacket("QoS 3", .v311, .qosInvalid, "36 07 00 03 'a/b' 00 01"),
        MalformedPacket("DUP at QoS 0", .v311, .duplicateAtMostOnce, "38 05 00 03 'a/b'"),
        MalformedPacket("identifier 0", .v311, .packetIdentifierZero, "32 07 00 03 'a/b' 00 00"),
        MalformedPacket("no identifier", .v311, .fieldTruncated, "32 05 00 03 'a/b'"),
        MalformedPacket("empty body", .v311, .fieldTruncated, "30 00"),
        MalformedPacket("topic longer than the packet", .v311, .fieldTruncated, "30 05 00 04 'a/b'"),
        MalformedPacket("empty topic", .v311, .topicNameMissing, "30 03 00 00 'x'"),
        MalformedPacket("empty topic", .v31, .topicNameMissing, "30 02 00 00"),
        MalformedPacket("wildcard", .v311, .topicNameHasWildcard, "30 05 00 03 'a/#'"),
        MalformedPacket("wildcard", .v50, .topicNameHasWildcard, "30 06 00 03 'a/+' 00"),
        MalformedPacket("U+0000", .v311, .textMalformed, "30 05 00 03 'a' 00 'b'"),
        MalformedPacket("surrogate", .v311, .textMalformed, "30 05 00 03 ed a0 80"),
        MalformedPacket("control character", .v311, .textMalformed, "30 05 00 03 'a' 0a 'b'"),
        MalformedPacket("no property length", .v50, .fieldTruncated, "30 05 00 03 'a/b'"),
        MalformedPacket("property length too long", .v50, .fieldTruncated, "30 06 00 03 'a/b' 01"),
        MalformedPacket("padded property length", .v50, .variableByteIntegerMalformed, "30 07 00 03 'a/b' 80 00"),
        MalformedPacket(
            "property length of five bytes",
            .v50,
            .variableByteIntegerMalformed,
            "30 0a 00 03 'a/b' ff ff ff ff 7f"
        ),
        MalformedPacket("neither topic nor alias", .v50, .topicNameMissing, "30 03 00 00 00"),
        MalformedPacket("expiry is no alias", .v50, .topicNameMissing, "30 08 00 00 05 02 00 00 00 01"),
        MalformedPacket("alias 0", .v50, .topicAliasZero, packet("23 00 00")),
        MalformedPacket("alias twice", .v50, .propertyRepeated, packet("23 00 01 23 00 01")),
        MalformedPacket("expiry twice", .v50, .propertyRepeated, packet("02 00 00 00 01 02 00 00 00 01")),
        MalformedPacket("content type twice", .v50, .propertyRepeated, packet("03 00 00 03 00 00")),
        MalformedPacket("response topic twice", .v50, .propertyRepeated, packet("08 00 01 'r' 08 00 01 'r'")),
        MalformedPacket("correlation data twice", .v50, .propertyRepeated, packet("09 00 00 09 00 00")),
        MalformedPacket("payload format twice", .v50, .propertyRepeated, packet("01 00 01 00")),
        MalformedPacket("payload format 2", .v50, .propertyValueInvalid, packet("01 02")),
        MalformedPacket("response topic with a wildcard", .v50, .topicNameHasWildcard, packet("08 00 03 'r/+'")),
        MalformedPacket("empty response topic", .v50, .propertyValueInvalid, packet("08 00 00")),
        MalformedPacket("content type of broken UTF-8", .v50, .textMalformed, packet("03 00 01 ff")),
        MalformedPacket("user property of broken UTF-8", .v50, .textMalformed, packet("26 00 01 'k' 00 01 c3")),
        MalformedPacket("truncated user property", .v50, .fieldTruncated, packet("26 00 01 'k' 00")),
        MalformedPacket("subscription identifier", .v50, .subscriptionIdentifierFromClient, packet("0b 01")),
        MalformedPacket("session expiry", .v50, .propertyNotAllowed, packet("11 00 00 00 01")),
        MalformedPacket("unknown property", .v50, .propertyUnknown, packet("04 00")),
        MalformedPacket("payload not as announced", .v50, .payloadFormatInvalid, packet("01 01", payload: "c3 28")),
        MalformedPacket("payload with a surrogate", .v50, .payloadFormatInvalid, packet("01 01", payload: "ed a0 80")),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try PublishView($0, version: packet.version) }
    }

    @Test(
        "Reason codes of the faults that 5.0 names",
        arguments: [
            (.topicAliasZero, .topicAliasInvalid), (.payloadFormatInvalid, .payloadFormatInvalid),
            (.qosInvalid, .malformedPacket), (.topicNameMissing, .protocolError),
            (.subscriptionIdentifierFromClient, .protocolError), (.propertyRepeated, .protocolError),
            (.propertyNotAllowed, .malformedPacket),
        ] as [(DecodingError.Reason, ReasonCode)]
    )
    func reasonCodes(_ reason: DecodingError.Reason, _ reasonCode: ReasonCode) {
        #expect(reason.reasonCode == reasonCode)
    }

    @Test("The payload is judged only where it is said to be UTF-8; U+0000 is UTF-8 too")
    func payloadFormat() throws {
        for section in ["", "01 00"] as [Transcript] {
            let packet = Self.packet(section, payload: "ff c3 28")
            let payloadBytes = try withFrame(packet) { try PublishView($0, version: .v50).payload.count }
            #expect(payloadBytes == 3)
        }
        let packet = Self.packet("01 01", payload: "'a' 00 c3 a9")
        let payloadBytes = try withFrame(packet) { try PublishView($0, version: .v50).payload.count }
        #expect(payloadBytes == 4)
    }

    @Test("A subscription identifier of a server is not 0, and several are fine")
    func subscriptionIdentifiers() throws {
        MalformedPacket("", .v50, .propertyValueInvalid, Self.packet("0b 00"))
            .expectRefusal { _ = try PublishView($0, version: .v50, sender: .server) }
        let identifiers = try withFrame(Self.packet("0b 01 0b 01 0b 80 01")) {
            try PublishView($0, version: .v50, sender: .server).subscriptionIdentifiers
        }
        #expect(identifiers == [1, 1, 128])
    }

    private func withView(_ sample: Sample, _ body: (PublishView) throws -> Void) throws {
        try withFrame(sample.transcript) {
            try body(try PublishView($0, version: sample.version, sender: sample.sender))
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
