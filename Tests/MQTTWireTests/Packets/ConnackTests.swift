import MQTTWire
import Testing

@Suite("CONNACK (3.2)")
struct ConnackTests {
    @Test(
        arguments: [
            (ConnackSamples.accepted311, Connack(reasonCode: .success)),
            (ConnackSamples.sessionPresent311, Connack(reasonCode: .success, isSessionPresent: true)),
            (ConnackSamples.refused311, Connack(reasonCode: .notAuthorized)),
            (ConnackSamples.accepted31, Connack(reasonCode: .success)),
            (ConnackSamples.accepted50, Connack(reasonCode: .success, isSessionPresent: true)),
            (ConnackSamples.refused50, Connack(reasonCode: .notAuthorized)),
            (ConnackSamples.announcing50, announcing),
            (ConnackSamples.full50, full),
        ] as [(Sample, Connack)]
    )
    func bothWays(_ sample: Sample, _ connack: Connack) throws {
        let read = try withFrame(sample.transcript) { try Connack($0, version: sample.version) }
        #expect(read == connack)
        expectEqual(written { connack.write(to: &$0, version: sample.version) }, sample.transcript)
    }

    @Test("3.1 has no session present flag")
    func noSessionFlag31() throws {
        let connack = Connack(reasonCode: .success, isSessionPresent: true)
        expectEqual(written { connack.write(to: &$0, version: .v31) }, "20 02 00 00")
        let read = try withFrame("20 02 ff 00") { try Connack($0, version: .v31) }
        #expect(!read.isSessionPresent)
    }

    @Test("A reason without a return code is not answered in 3.1.1 [MQTT-3.2.2-6 of 3.1.1]")
    func withoutReturnCode() {
        let bytes = written { buffer in
            let isWritten = Connack(reasonCode: .malformedPacket).write(to: &buffer, version: .v311)
            #expect(!isWritten)
        }
        #expect(bytes.isEmpty)
    }

    @Test(arguments: [
        MalformedPacket("reserved flags", .v311, .flagsReserved, "20 02 02 00"),
        MalformedPacket("a session, though refused", .v311, .flagsReserved, "20 02 01 02"),
        MalformedPacket("a session, though refused", .v50, .flagsReserved, "20 03 01 87 00"),
        MalformedPacket("unknown return code", .v311, .reasonCodeUnknown, "20 02 00 06"),
        MalformedPacket("one byte", .v311, .fieldTruncated, "20 01 00"),
        MalformedPacket("bytes left over", .v311, .bytesLeftOver, "20 03 00 00 00"),
        MalformedPacket("no property length", .v50, .fieldTruncated, "20 02 00 00"),
        MalformedPacket("maximum QoS 2", .v50, .propertyValueInvalid, "20 05 00 00 02 24 02"),
        MalformedPacket("receive maximum 0", .v50, .propertyValueInvalid, "20 06 00 00 03 21 00 00"),
        MalformedPacket("maximum packet size 0", .v50, .propertyValueInvalid, "20 08 00 00 05 27 00 00 00 00"),
        MalformedPacket("retain available twice", .v50, .propertyRepeated, "20 07 00 00 04 25 00 25 00"),
        MalformedPacket("topic alias", .v50, .propertyNotAllowed, "20 06 00 00 03 23 00 01"),
        MalformedPacket("bytes left over", .v50, .bytesLeftOver, "20 04 00 00 00 00"),
    ])
    func malformed(_ packet: MalformedPacket) {
        packet.expectRefusal { _ = try Connack($0, version: packet.version) }
    }

    private static let announcing: Connack = {
        var connack = Connack(reasonCode: .success)
        connack.topicAliasMaximum = 10
        connack.maximumPacketBytes = 2_000_000
        connack.receiveMaximum = 20
        return connack
    }()

    private static let full: Connack = {
        var connack = announcing
        connack.sessionExpirySeconds = 3_600
        connack.maximumQoS = .atLeastOnce
        connack.isRetainAvailable = false
        connack.assignedClientIdentifier = "auto-1"
        connack.isWildcardSubscriptionAvailable = false
        connack.isSubscriptionIdentifierAvailable = false
        connack.isSharedSubscriptionAvailable = false
        connack.serverKeepAliveSeconds = 30
        connack.responseInformation = "r/"
        connack.serverReference = "other"
        connack.authenticationMethod = "m"
        connack.authenticationData = [0x00, 0xFF]
        connack.reasonString = "ok"
        connack.userProperties = [UserProperty(name: "k", value: "v")]
        return connack
    }()
}
