import MQTTWire
import Testing

@Suite("Malformed CONNECT (3.1)")
struct ConnectMalformedTests {
    @Test(arguments: [
        MalformedPacket("unknown name", .v311, .protocolNameUnsupported, "10 0e 00 04 'AMQP' 04 02 00 3c 00 02 'me'"),
        MalformedPacket(
            "name in small letters",
            .v311,
            .protocolNameUnsupported,
            "10 0e 00 04 'mqtt' 04 02 003c 00 02 'me'"
        ),
        MalformedPacket("empty name", .v311, .protocolNameUnsupported, "10 0a 00 00 04 02 003c 00 02 'me'"),
        MalformedPacket("level 6", .v311, .protocolLevelUnsupported, "10 0e 00 04 'MQTT' 06 02 003c 00 02 'me'"),
        MalformedPacket("level 0", .v311, .protocolLevelUnsupported, "10 0e 00 04 'MQTT' 00 02 003c 00 02 'me'"),
        MalformedPacket(
            "a bridge's level",
            .v311,
            .protocolLevelUnsupported,
            "10 0e 00 04 'MQTT' 84 02 003c 00 02 'me'"
        ),
        MalformedPacket(
            "level 3 with the new name",
            .v31,
            .protocolLevelUnsupported,
            "10 0e 00 04 'MQTT' 03 02 003c 00 02 'me'"
        ),
        MalformedPacket(
            "level 4 with the old name",
            .v31,
            .protocolLevelUnsupported,
            "10 10 00 06 'MQIsdp' 04 02 003c 00 02 'me'"
        ),
        MalformedPacket("reserved flag", .v311, .connectFlagsReserved, "10 0e 00 04 'MQTT' 04 03 003c 00 02 'me'"),
        MalformedPacket(
            "will QoS without a will",
            .v311,
            .willFlagsInvalid,
            "10 0e 00 04 'MQTT' 04 0a 003c 00 02 'me'"
        ),
        MalformedPacket(
            "will retain without a will",
            .v311,
            .willFlagsInvalid,
            "10 0e 00 04 'MQTT' 04 22 003c 00 02 'me'"
        ),
        MalformedPacket(
            "will QoS 3",
            .v311,
            .willFlagsInvalid,
            "10 14 00 04 'MQTT' 04 1e 003c 00 02 'me' 00 01 'w' 00 01 'x'"
        ),
        MalformedPacket(
            "password without user name",
            .v311,
            .passwordWithoutUserName,
            "10 12 00 04 'MQTT' 04 42 003c 00 02 'me' 00 02 'pw'"
        ),
        MalformedPacket("no client identifier", .v311, .fieldTruncated, "10 0a 00 04 'MQTT' 04 02 003c"),
        MalformedPacket("no keep alive", .v311, .fieldTruncated, "10 09 00 04 'MQTT' 04 02 00"),
        MalformedPacket(
            "client identifier of control characters",
            .v311,
            .textMalformed,
            "10 0e 00 04 'MQTT' 04 02 003c 00 02 'm' 0a"
        ),
        MalformedPacket(
            "client identifier with U+0000",
            .v311,
            .textMalformed,
            "10 0e 00 04 'MQTT' 04 02 003c 00 02 'm' 00"
        ),
        MalformedPacket(
            "client identifier of broken UTF-8",
            .v311,
            .textMalformed,
            "10 0e 00 04 'MQTT' 04 02 003c 00 02 'm' c3"
        ),
        MalformedPacket(
            "user name of broken UTF-8",
            .v311,
            .textMalformed,
            "10 11 00 04 'MQTT' 04 82 003c 00 02 'me' 00 01 ff"
        ),
        MalformedPacket("user name missing", .v311, .fieldTruncated, "10 0e 00 04 'MQTT' 04 82 003c 00 02 'me'"),
        MalformedPacket(
            "password missing",
            .v311,
            .fieldTruncated,
            "10 11 00 04 'MQTT' 04 c2 003c 00 02 'me' 00 01 'u'"
        ),
        MalformedPacket("bytes left over", .v311, .bytesLeftOver, "10 0f 00 04 'MQTT' 04 02 003c 00 02 'me' 00"),
        MalformedPacket(
            "will topic missing",
            .v311,
            .topicNameMissing,
            "10 12 00 04 'MQTT' 04 06 003c 00 02 'me' 00 00 00 00"
        ),
        MalformedPacket(
            "will topic with a wildcard",
            .v311,
            .topicNameHasWildcard,
            "10 14 00 04 'MQTT' 04 06 003c 00 02 'me' 00 02 'w#' 00 00"
        ),
        MalformedPacket(
            "will topic of broken UTF-8",
            .v311,
            .textMalformed,
            "10 13 00 04 'MQTT' 04 06 003c 00 02 'me' 00 01 80 00 00"
        ),
        MalformedPacket(
            "will message missing",
            .v311,
            .fieldTruncated,
            "10 11 00 04 'MQTT' 04 06 003c 00 02 'me' 00 01 'w'"
        ),
    ])
    func before50(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Connect($0) }
    }

    /// CONNECT of 5.0 around a property section, of a client `me` without anything else.
    @Test(
        arguments: [
            ("receive maximum 0", .propertyValueInvalid, "21 00 00"),
            ("maximum packet size 0", .propertyValueInvalid, "27 00 00 00 00"),
            ("request problem information 2", .propertyValueInvalid, "17 02"),
            ("request response information 2", .propertyValueInvalid, "19 02"),
            ("session expiry twice", .propertyRepeated, "11 00 00 00 01 11 00 00 00 01"),
            ("receive maximum twice", .propertyRepeated, "21 00 01 21 00 01"),
            ("authentication data without a method", .authenticationMethodMissing, "16 00 01 00"),
            ("authentication method twice", .propertyRepeated, "15 00 01 'a' 15 00 01 'a'"),
            ("a property of PUBLISH", .propertyNotAllowed, "23 00 01"),
            ("a property of the will", .propertyNotAllowed, "18 00 00 00 01"),
            ("unknown property 0x00", .propertyUnknown, "00 00"),
            ("unknown property 0x7f", .propertyUnknown, "7f 00"),
            ("property identifier of two bytes", .propertyUnknown, "91 01 00"),
            ("truncated value", .fieldTruncated, "11 00 00 00"),
            ("truncated user property", .fieldTruncated, "26 00 01 'k' 00 02 'v'"),
            ("user property with U+0000", .textMalformed, "26 00 01 'k' 00 01 00"),
            ("user property of broken UTF-8", .textMalformed, "26 00 01 ff 00 01 'v'"),
        ] as [(String, DecodingError.Reason, Transcript)]
    )
    func properties50(_ name: String, _ reason: DecodingError.Reason, _ section: Transcript) {
        let count = UInt8(section.bytes.count)
        let head: Transcript = "00 04 'MQTT' 05 02 00 3c"
        let tail: Transcript = "00 02 'me'"
        let body = head.bytes + [count] + section.bytes + tail.bytes
        let packet = Transcript(bytes: [0x10, UInt8(body.count)] + body)
        MalformedPacket(name, .v50, reason, packet).expectRefusal { _ = try Connect($0) }
    }

    /// The same for the properties of a will on `w` with message `x`, which is broken UTF-8 for the last case.
    @Test(
        arguments: [
            ("payload format 2", .propertyValueInvalid, "01 02", "'x'"),
            ("will delay twice", .propertyRepeated, "18 00 00 00 01 18 00 00 00 01", "'x'"),
            ("response topic with a wildcard", .topicNameHasWildcard, "08 00 01 '+'", "'x'"),
            ("empty response topic", .propertyValueInvalid, "08 00 00", "'x'"),
            ("topic alias", .propertyNotAllowed, "23 00 01", "'x'"),
            ("session expiry", .propertyNotAllowed, "11 00 00 00 01", "'x'"),
            ("message that is not UTF-8 as announced", .payloadFormatInvalid, "01 01", "ff"),
        ] as [(String, DecodingError.Reason, Transcript, Transcript)]
    )
    func willProperties50(
        _ name: String,
        _ reason: DecodingError.Reason,
        _ section: Transcript,
        _ message: Transcript
    ) {
        let head: Transcript = "00 04 'MQTT' 05 06 00 3c 00 00 02 'me'"
        let topic: Transcript = "00 01 'w' 00 01"
        let body = head.bytes + [UInt8(section.bytes.count)] + section.bytes + topic.bytes + message.bytes
        let packet = Transcript(bytes: [0x10, UInt8(body.count)] + body)
        MalformedPacket(name, .v50, reason, packet).expectRefusal { _ = try Connect($0) }
    }

    @Test("In 5.0 the property length must be there, fit, and be as short as possible")
    func propertyLength50() {
        MalformedPacket("none", .v50, .fieldTruncated, "10 0a 00 04 'MQTT' 05 02 00 3c")
            .expectRefusal { _ = try Connect($0) }
        MalformedPacket("too long", .v50, .fieldTruncated, "10 0f 00 04 'MQTT' 05 02 00 3c 05 00 02 'me'")
            .expectRefusal { _ = try Connect($0) }
        let padded: Transcript = "10 10 00 04 'MQTT' 05 02 00 3c 80 00 00 02 'me'"
        MalformedPacket("padded", .v50, .variableByteIntegerMalformed, padded)
            .expectRefusal { _ = try Connect($0) }
    }

    @Test("The version is known where only the rest is malformed")
    func versionOfMalformed() throws {
        let reserved: Transcript = "10 0f 00 04 'MQTT' 05 03 00 3c 00 00 02 'me'"
        #expect(try withFrame(reserved) { try Connect.version(of: $0) } == .v50)
        #expect(try withFrame("10 07 00 04 'MQTT' 04") { try Connect.version(of: $0) } == .v311)
        MalformedPacket("level", .v50, .protocolLevelUnsupported, "10 07 00 04 'MQTT' 06")
            .expectRefusal { _ = try Connect.version(of: $0) }
        MalformedPacket("cut", .v50, .fieldTruncated, "10 06 00 04 'MQTT'")
            .expectRefusal { _ = try Connect.version(of: $0) }
    }

    @Test("A wrong name is told apart from a wrong level: only the latter is answered")
    func distinguishable() {
        #expect(DecodingError(.protocolLevelUnsupported).reasonCode == .unsupportedProtocolVersion)
        #expect(DecodingError(.protocolNameUnsupported).reasonCode == .unsupportedProtocolVersion)
        #expect(ReasonCode.unsupportedProtocolVersion.connectReturnCode == .unacceptableProtocolVersion)
    }
}
