import MQTTWire
import NIOCore
import Testing

@Suite("PUBLISH, written (3.3)")
struct OutboundPublishTests {
    @Test(
        "What is read is written again, byte by byte",
        arguments: [
            PublishSamples.atMostOnce311, PublishSamples.empty311, PublishSamples.repeated311,
            PublishSamples.exactlyOnce31, PublishSamples.figure50, PublishSamples.alias50, PublishSamples.expiry50,
            PublishSamples.full50,
        ]
    )
    func again(_ sample: Sample) throws {
        try withFrame(sample.transcript) { frame in
            let view = try PublishView(frame, version: sample.version, sender: sample.sender)
            withOutbound(view) { publish in
                expectEqual(written { publish.write(to: &$0, version: sample.version) }, sample.transcript)
                #expect(publish.packetBytes(version: sample.version) == sample.transcript.bytes.count)
            }
        }
    }

    @Test("Below 5.0 everything that 5.0 added is left out")
    func everythingIn311() throws {
        try withFrame(PublishSamples.full50.transcript) { frame in
            withOutbound(try PublishView(frame, version: .v50, sender: .server)) { publish in
                let expected: Transcript = "3d 0a 00 03 'a/b' 00 0a 'h' c3 a9"
                expectEqual(written { publish.write(to: &$0, version: .v311) }, expected)
                #expect(publish.packetBytes(version: .v311) == expected.bytes.count)
            }
        }
    }

    @Test("The header alone is the packet without its payload")
    func header() throws {
        for sample in PublishSamples.all where sample.name != PublishSamples.scattered50.name {
            try withFrame(sample.transcript) { frame in
                let view = try PublishView(frame, version: sample.version, sender: sample.sender)
                withOutbound(view) { publish in
                    let header = Transcript(bytes: sample.transcript.bytes.dropLast(publish.payload.count))
                    expectEqual(written { publish.writeHeader(to: &$0, version: sample.version) }, header)
                }
            }
        }
    }

    @Test("The packet identifier can be replaced where it stands")
    func packetIdentifierOffset() throws {
        for sample in PublishSamples.all where sample.name != PublishSamples.scattered50.name {
            try withFrame(sample.transcript) { frame in
                let view = try PublishView(frame, version: sample.version, sender: sample.sender)
                withOutbound(view) { publish in
                    let offset = publish.packetIdentifierOffset(version: sample.version)
                    #expect((offset == nil) == (publish.qos == .atMostOnce))
                    guard let offset else { return }
                    let found = sample.transcript.bytes[offset..<offset + 2].reduce(0) { $0 << 8 | UInt16($1) }
                    #expect(found == publish.packetIdentifier)
                }
            }
        }
    }

    /// Both sides of every size at which a length takes one more byte.
    @Test(
        arguments: [0, 100, 115, 116, 117, 16_370, 16_371, 16_372, 16_373, 65_536, 2_097_150],
        ProtocolVersion.allCases
    )
    func sizes(payloadBytes: Int, version: ProtocolVersion) throws {
        let payload = [UInt8](repeating: 0x55, count: payloadBytes)
        let topic = Array("topic/name".utf8)
        for propertiesBytes in [0, 1, 130] {
            let properties =
                propertiesBytes == 0
                ? [] : ForwardedProperties.encode(correlationData: [UInt8](repeating: 1, count: propertiesBytes))
            let packet = topic.withUnsafeBytes { topic in
                payload.withUnsafeBytes { payload in
                    properties.withUnsafeBytes { properties in
                        let publish = OutboundPublish(
                            topic: topic,
                            payload: payload,
                            qos: .atLeastOnce,
                            packetIdentifier: 7,
                            messageExpirySeconds: 1,
                            forwardedProperties: properties
                        )
                        let packet = written { publish.write(to: &$0, version: version) }
                        #expect(packet.count == publish.packetBytes(version: version))
                        return packet
                    }
                }
            }
            try withFrame(Transcript(bytes: packet)) { frame in
                let view = try PublishView(frame, version: version)
                #expect(view.topic.elementsEqual(topic))
                #expect(view.payload.elementsEqual(payload))
                #expect(view.packetIdentifier == 7)
                #expect(view.messageExpirySeconds == (version == .v50 ? 1 : nil))
                let expected = version == .v50 ? properties : []
                #expect(view.forwardedProperties.withContiguousBytes { $0.elementsEqual(expected) })
            }
        }
    }

    @Test("Packets follow each other in one buffer")
    func sequence() {
        let bytes = written { buffer in
            Acknowledgement(.puback, packetIdentifier: 1).write(to: &buffer, version: .v50)
            "t".utf8.withContiguousStorageIfAvailable { topic in
                OutboundPublish(topic: UnsafeRawBufferPointer(topic), payload: UnsafeRawBufferPointer(topic))
                    .write(to: &buffer, version: .v311)
            }
            Ping.writeResponse(to: &buffer)
        }
        expectEqual(bytes, "40 02 00 01  30 04 00 01 't' 't'  d0 00")
    }

    private func withOutbound(_ view: PublishView, _ body: (OutboundPublish) -> Void) {
        let identifiers = view.subscriptionIdentifiers
        identifiers.withUnsafeBufferPointer { identifiers in
            view.forwardedProperties.withContiguousBytes { properties in
                body(
                    OutboundPublish(
                        topic: view.topic,
                        payload: view.payload,
                        qos: view.qos,
                        packetIdentifier: view.packetIdentifier,
                        isRetained: view.isRetained,
                        isDuplicate: view.isDuplicate,
                        topicAlias: view.topicAlias,
                        messageExpirySeconds: view.messageExpirySeconds,
                        subscriptionIdentifiers: identifiers,
                        forwardedProperties: properties
                    )
                )
            }
        }
    }
}
