import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// B2: what is wrong ends the connection that it came on, with the right reason, and nothing else.
struct MalformedPacketTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let packet: String
        let reasonCode: ReasonCode

        init(_ description: String, _ packet: String, _ reasonCode: ReasonCode) {
            testDescription = description
            self.packet = packet
            self.reasonCode = reasonCode
        }
    }

    static let faults = [
        Fault("reserved packet type", "00 00", .malformedPacket),
        Fault("remaining length of five bytes", "30 80 80 80 80 01", .malformedPacket),
        Fault("SUBSCRIBE with wrong flags", "80 07 0001 00 0001 61 00", .malformedPacket),
        Fault("SUBSCRIBE without a filter", "82 03 0001 00", .protocolError),
        Fault("SUBSCRIBE with a reserved option", "82 07 0001 00 0001 61 c0", .malformedPacket),
        Fault("PUBLISH with QoS 3", "36 06 0001 61 0001 00", .malformedPacket),
        Fault("PUBLISH cut short", "30 02 0005", .malformedPacket),
        Fault("topic with a wildcard", "30 04 0001 23 00", .malformedPacket),
        Fault("topic that is not UTF-8", "30 04 0001 ff 00", .malformedPacket),
        Fault("topic with a NUL", "30 04 0001 00 00", .malformedPacket),
        Fault("packet identifier 0", "32 06 0001 61 0000 00", .protocolError),
        Fault("unknown property", "30 06 0001 61 02 7f 00", .malformedPacket),
        Fault("property twice", "30 08 0001 61 04 01 00 01 00", .protocolError),
        Fault("no topic and no alias", "30 03 0000 00", .protocolError),
        Fault("alias 0", "30 07 0001 61 03 23 0000", .topicAliasInvalid),
        Fault("alias beyond the maximum", "30 07 0001 61 03 23 000b", .topicAliasInvalid),
        Fault("alias that names nothing", "30 06 0000 03 23 0001", .protocolError),
        Fault("subscription identifier from a client", "30 06 0001 61 02 0b 01", .protocolError),
        Fault("payload that is not the UTF-8 that it says", "30 07 0001 61 02 01 01 ff", .payloadFormatInvalid),
        Fault("packet larger than allowed", "30 ff ff 7f 0001 61", .packetTooLarge),
        Fault("PUBREL with wrong flags", "60 02 0001", .malformedPacket),
        Fault("AUTH out of the blue", "f0 00", .protocolError),
        Fault("CONNACK from a client", "20 03 00 00 00", .protocolError),
        Fault("SUBACK from a client", "90 04 0001 00 00", .protocolError),
        Fault("PINGRESP from a client", "d0 00", .protocolError),
        Fault("PINGREQ with a body", "c0 01 00", .malformedPacket),
    ]

    @Test(arguments: faults)
    func aFaultEndsItsConnectionWithItsReason(fault: Fault) async throws {
        try await BrokerHarness.run { broker in
            let other = try await broker.connect("other")
            try await other.subscribe("#")
            let client = try await broker.connect("faulty")
            // What came before the fault is acted on.
            await client.send(Hexadecimal.bytes("30 05 0001 61 00 78") + Hexadecimal.bytes(fault.packet))
            #expect(try await client.receiveToEnd() == [.disconnect(fault.reasonCode)])
            #expect(try await other.everything().map(\.text) == ["x"])
        }
    }

    @Test func whatTheServerDoesNotOfferHasReasonsOfItsOwn() async throws {
        var setup = BrokerSetup()
        setup.limits.qosMax = 1
        setup.limits.isRetainAvailable = false
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.open()
            let connack = try await client.connect("a")
            #expect(connack.maximumQoS == .atLeastOnce)
            #expect(connack.isRetainAvailable == false)
            await client.send(OutgoingMessage("a", "x", .exactlyOnce))
            #expect(try await client.receiveToEnd() == [.disconnect(.qosNotSupported)])
            let retaining = try await broker.connect("b")
            await retaining.send(OutgoingMessage("a", "x", isRetained: true))
            #expect(try await retaining.receiveToEnd() == [.disconnect(.retainNotSupported)])
        }
    }

    /// [MQTT-3.3.4-7]
    @Test func aClientIsHeldToTheReceiveMaximum() async throws {
        var setup = BrokerSetup()
        setup.limits.inflightCountMax = 2
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.connect("a")
            for text in ["1", "2", "3"] { await client.send(OutgoingMessage("a", text, .exactlyOnce)) }
            let packets = try await client.receiveToEnd()
            #expect(packets.last == .disconnect(.receiveMaximumExceeded))
        }
    }

    /// Whatever is sent, the broker lives, and others are served.
    @Test func noiseEndsNothingButItsConnection() async throws {
        var random = SeededGenerator(seed: Seed.value)
        try await BrokerHarness.run { broker in
            for round in 0..<150 {
                let version = ProtocolVersion.allCases[round % ProtocolVersion.allCases.count]
                let client = try await broker.open(version)
                if round % 3 != 0 {
                    await client.send { buffer, version in
                        Connect(version: version, clientIdentifier: "noise").write(to: &buffer)
                    }
                }
                var noise = (0..<random.below(300)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                if let first = noise.indices.first, round.isMultiple(of: 2) {
                    // Something that gets past the first byte.
                    let types: [UInt8] = [0x30, 0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xE0]
                    noise[first] = types[random.below(types.count)]
                    if noise.count > 2 { noise[first + 1] = UInt8(min(noise.count - 2, 127)) }
                }
                await client.send(noise)
                await client.drop()
            }
            let other = try await broker.connect("other")
            try await other.subscribe("still/#")
            #expect(try await other.publish("still/here", "yes", .exactlyOnce) == .success, "seed \(Seed.value)")
            #expect(try await other.message().text == "yes", "seed \(Seed.value)")
        }
    }
}
