import MQTTWire
import Testing

@Suite("CONNECT (3.1)")
struct ConnectTests {
    @Test func minimal311() throws {
        let connect = try read(ConnectSamples.minimal311)
        #expect(connect.version == .v311)
        #expect(connect.clientIdentifier == "me-1")
        #expect(connect.isCleanStart)
        #expect(connect.sessionExpirySeconds == 0)
        #expect(connect.keepAliveSeconds == 60)
        #expect(connect.will == nil)
        #expect(connect.userName == nil)
        #expect(connect.password == nil)
        #expect(connect.receiveMaximum == 65_535)
        #expect(connect.maximumPacketBytes == nil)
        #expect(connect.topicAliasMaximum == 0)
        #expect(!connect.requestsResponseInformation)
        #expect(connect.requestsProblemInformation)
        expectEqual(write(connect), ConnectSamples.minimal311.transcript)
    }

    @Test("Without Clean Session a session of 3.1.1 never expires (3.1.2.11.2 of 5.0)")
    func kept311() throws {
        let connect = try read(ConnectSamples.kept311)
        #expect(!connect.isCleanStart)
        #expect(connect.sessionExpirySeconds == .max)
        #expect(connect.clientIdentifier.isEmpty)
        expectEqual(write(connect), ConnectSamples.kept311.transcript)
    }

    @Test func full311() throws {
        let connect = try read(ConnectSamples.full311)
        #expect(
            connect.will
                == Will(topic: "w/all", payload: [0x00, 0xFF, 0x01], qos: .atLeastOnce, isRetained: true)
        )
        #expect(connect.keepAliveSeconds == 65_535)
        #expect(connect.userName == "alice")
        #expect(bytes(of: connect.password) == Array("p\0ss".utf8))
        expectEqual(write(connect), ConnectSamples.full311.transcript)
    }

    @Test func minimal31() throws {
        let connect = try read(ConnectSamples.minimal31)
        #expect(connect.version == .v31)
        #expect(connect.clientIdentifier == "me")
        expectEqual(write(connect), ConnectSamples.minimal31.transcript)
    }

    @Test("In 3.1 the strings of user name and password may be missing although their flags are set")
    func missingUserName31() throws {
        let connect = try read(ConnectSamples.missingUserName31)
        #expect(connect.userName == nil)
        #expect(connect.password == nil)
    }

    @Test func minimal50() throws {
        let connect = try read(ConnectSamples.minimal50)
        #expect(connect.version == .v50)
        #expect(connect.sessionExpirySeconds == 0)
        expectEqual(write(connect), ConnectSamples.minimal50.transcript)
    }

    @Test func full50() throws {
        let connect = try read(ConnectSamples.full50)
        #expect(connect.sessionExpirySeconds == 60)
        #expect(connect.receiveMaximum == 20)
        #expect(connect.maximumPacketBytes == 65_536)
        #expect(connect.topicAliasMaximum == 10)
        #expect(connect.requestsResponseInformation)
        #expect(!connect.requestsProblemInformation)
        #expect(
            connect.userProperties == [
                UserProperty(name: "k", value: "v"), UserProperty(name: "k", value: "w"),
                UserProperty(name: "x", value: ""),
            ]
        )
        #expect(connect.authenticationMethod == "SCRAM")
        #expect(connect.authenticationData == [0x00, 0x01, 0xFF])
        #expect(
            connect.will
                == Will(
                    topic: "w/all",
                    payload: Array("bye".utf8),
                    qos: .exactlyOnce,
                    isRetained: true,
                    delaySeconds: 5,
                    messageExpirySeconds: 60,
                    forwardedProperties: ForwardedProperties.encode(
                        payloadIsUTF8: true,
                        contentType: "text/plain",
                        responseTopic: "r/e",
                        correlationData: [0, 1, 2, 3],
                        userProperties: [
                            UserProperty(name: "a", value: "b"), UserProperty(name: "a", value: "c"),
                        ]
                    )
                )
        )
        #expect(connect.userName == "alice")
        #expect(bytes(of: connect.password) == Array("key".utf8))
        // Properties may stand in any order, so that only a second reading can be compared.
        let again = Sample("again", .v50, Transcript(bytes: write(connect)))
        #expect(again.transcript.bytes.count == ConnectSamples.full50.transcript.bytes.count)
        #expect(try write(read(again)) == again.transcript.bytes)
    }

    @Test func passwordWithoutUserName50() throws {
        let connect = try read(ConnectSamples.passwordWithoutUserName50)
        #expect(connect.userName == nil)
        #expect(bytes(of: connect.password) == Array("pw".utf8))
        expectEqual(write(connect), ConnectSamples.passwordWithoutUserName50.transcript)
    }

    private func read(_ sample: Sample) throws -> Connect {
        try withFrame(sample.transcript) { try Connect($0) }
    }

    private func write(_ connect: Connect) -> [UInt8] {
        written { connect.write(to: &$0) }
    }

    private func bytes(of password: Password?) -> [UInt8]? {
        password?.withBytes { Array($0) }
    }
}
