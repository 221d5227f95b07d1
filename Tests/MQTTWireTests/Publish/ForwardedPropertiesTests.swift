import MQTTWire
import NIOCore
import Testing

@Suite("Forwarded properties (3.3.2.3)")
struct ForwardedPropertiesTests {
    @Test("What stands in between is left out, and the order is kept")
    func scattered() throws {
        let expected: Transcript = """
            26 00 01 'k' 00 01 'v'
            03 00 01 't'
            01 00
            09 00 02 00 01
            26 00 00 00 00
            """
        try withFrame(PublishSamples.scattered50.transcript) { frame in
            let view = try PublishView(frame, version: .v50)
            let properties = view.forwardedProperties
            #expect(properties.contiguous == nil)
            #expect(properties.byteCount == expected.bytes.count)
            expectEqual(properties.withContiguousBytes { Array($0) }, expected)
            expectEqual(written { properties.append(to: &$0) }, expected)
            #expect(view.topicAlias == 7)
            #expect(view.messageExpirySeconds == 60)
            #expect(
                properties.userProperties == [
                    UserProperty(name: "k", value: "v"), UserProperty(name: "", value: ""),
                ]
            )
            #expect(properties.contentType == "t")
        }
    }

    @Test func none() {
        let properties = ForwardedProperties()
        #expect(properties.isEmpty)
        #expect(properties.contiguous?.count == 0)
        #expect(properties.withContiguousBytes { $0.count } == 0)
        #expect(written { properties.append(to: &$0) }.isEmpty)
        #expect(!properties.payloadIsUTF8)
        #expect(properties.contentType == nil)
        #expect(properties.responseTopic == nil)
        #expect(properties.correlationData == nil)
        #expect(properties.userProperties.isEmpty)
    }

    @Test func encoded() throws {
        let bytes = ForwardedProperties.encode(
            payloadIsUTF8: false,
            contentType: "t",
            responseTopic: "r",
            correlationData: [],
            userProperties: [UserProperty(name: "k", value: "ß")]
        )
        expectEqual(bytes, "01 00 03 00 01 't' 08 00 01 'r' 09 00 00 26 00 01 'k' 00 02 c3 9f")
        #expect(ForwardedProperties.encode().isEmpty)
        try withGuardedBytes(bytes) { bytes in
            let properties = try ForwardedProperties(validating: bytes)
            #expect(properties.contiguous?.count == bytes.count)
            #expect(properties.correlationData?.count == 0)
        }
    }

    @Test(
        "Bytes that a program kept are validated again",
        arguments: [
            ("alias", .propertyNotAllowed, "23 00 01"), ("truncated", .fieldTruncated, "03 00 02 't'"),
            ("unknown", .propertyUnknown, "ff"), ("twice", .propertyRepeated, "01 00 01 00"),
            ("wildcard", .topicNameHasWildcard, "08 00 01 '#'"),
            ("empty response topic", .propertyValueInvalid, "08 00 00"),
        ] as [(String, DecodingError.Reason, Transcript)]
    )
    func invalid(_ name: String, _ reason: DecodingError.Reason, _ section: Transcript) {
        #expect(throws: DecodingError(reason), "\(name)") {
            try withGuardedBytes(section.bytes) { _ = try ForwardedProperties(validating: $0) }
        }
    }

    @Test("Properties in any order: forwarded is what is to be forwarded, in its order")
    func random() throws {
        var generator = SeededGenerator(seed: Seed.value)
        let forwarded: [Transcript] = ["01 01", "03 00 02 'ct'", "08 00 01 'r'", "09 00 03 01 02 03"]
        let kept: [Transcript] = ["23 00 05", "02 00 00 00 09"]
        for _ in 0..<2_000 {
            let users: [Transcript] = (0..<Int.random(in: 0...3, using: &generator)).map { index in
                Transcript(bytes: [0x26, 0, 1, UInt8(ascii: "k"), 0, 1, UInt8(ascii: "0") + UInt8(index)])
            }
            let identifiers: [Transcript] = Bool.random(using: &generator) ? ["0b 01", "0b 80 01"] : []
            let chosen = (forwarded + kept).filter { _ in Bool.random(using: &generator) } + users + identifiers
            let section = chosen.shuffled(using: &generator)
            let expected = section.filter { ![0x23, 0x02, 0x0B].contains($0.bytes[0]) }.flatMap(\.bytes)

            let properties = section.flatMap(\.bytes)
            let body = [0, 1, UInt8(ascii: "t"), UInt8(properties.count)] + properties + Array("payload".utf8)
            try withFrame(Transcript(bytes: [0x30, UInt8(body.count)] + body)) { frame in
                let view = try PublishView(frame, version: .v50, sender: .server)
                let found = view.forwardedProperties
                #expect(found.byteCount == expected.count)
                #expect(found.withContiguousBytes { Array($0) } == expected, "seed \(Seed.value): \(section)")
                #expect(written { found.append(to: &$0) } == expected, "seed \(Seed.value): \(section)")
                #expect(view.topicAlias == (properties.isEmpty || !section.contains { $0.bytes[0] == 0x23 } ? 0 : 5))
                #expect((view.messageExpirySeconds != nil) == section.contains { $0.bytes[0] == 0x02 })
                #expect(view.subscriptionIdentifiers.count == identifiers.count)
                #expect(view.payload.elementsEqual("payload".utf8))
            }
        }
    }
}
