import Broker
import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// From CONNECT to DISCONNECT (MQTT 3.1.1 and 5.0, 3.1, 3.2, 3.14), byte by byte where it matters.
struct ConnectTests {
    @Test func aClientOf311ComesAndGoes() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open(.v311)
            await client.send(hex: "10 0d 0004 4d515454 04 02 003c 0001 61")
            #expect(try await client.receiveHex(count: 4) == "20 02 00 00")
            await client.send(hex: "c0 00")
            #expect(try await client.receiveHex(count: 2) == "d0 00")
            await client.send(hex: "e0 00")
            #expect(try await client.receiveHexToEnd() == "")
        }
    }

    @Test func aClientOf5ComesAndGoes() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open()
            let connack = try await client.connect("a")
            #expect(connack.reasonCode == .success)
            #expect(!connack.isSessionPresent)
            #expect(connack.receiveMaximum == 20)
            #expect(connack.assignedClientIdentifier == nil)
            try await client.disconnect()
        }
    }

    @Test func aClientWithoutANameIsGivenOne() async throws {
        try await BrokerHarness.run { broker in
            let first = try await broker.open().connect("")
            let second = try await broker.open().connect("")
            let names = [first, second].compactMap { $0.assignedClientIdentifier?.description }
            #expect(names.count == 2 && names[0] != names[1])
        }
    }

    /// [MQTT-3.1.3-8]
    @Test func aKeptSessionNeedsANameIn311() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open(.v311)
            await client.send(hex: "10 0c 0004 4d515454 04 00 003c 0000")
            #expect(try await client.receiveHexToEnd() == "20 02 00 02")
        }
    }

    /// [MQTT-3.1.2-2]: the answer is in the form that every version reads as a refusal.
    @Test(arguments: ["10 0d 0004 4d515454 06 02 003c 0001 61", "10 0d 0004 4d515454 00 02 003c 0001 61"])
    func anUnknownVersionIsRefused(connect: String) async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open(.v311)
            await client.send(hex: connect)
            #expect(try await client.receiveHexToEnd().hasPrefix("20 "))
        }
    }

    @Test(arguments: [ProtocolVersion.v311, .v50])
    func aSecondConnectEndsTheConnection(version: ProtocolVersion) async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.connect("a", version)
            await client.send { buffer, version in Connect(version: version, clientIdentifier: "a").write(to: &buffer) }
            // [MQTT-3.1.0-2]; 5.0 is told why.
            #expect(try await client.receiveToEnd() == (version == .v50 ? [.disconnect(.protocolError)] : []))
        }
    }

    /// [MQTT-3.1.0-1]: whoever does not begin with CONNECT gets no answer.
    @Test(arguments: ["c0 00", "30 03 0001 61", "82 06 0001 0001 61 00", "e0 00", "20 02 00 00", "f0 00", "00 00"])
    func whatComesFirstMustBeConnect(packet: String) async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open()
            await client.send(hex: packet)
            #expect(try await client.receiveHexToEnd() == "")
        }
    }

    @Test func whatFollowsConnectInTheSameReadIsActedOn() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open(.v311)
            await client.send(
                hex: "10 0d 0004 4d515454 04 02 003c 0001 61 82 06 0001 0001 62 00 30 04 0001 62 78 c0 00"
            )
            #expect(try await client.receiveHex(count: 9) == "20 02 00 00 90 03 00 01 00")
            #expect(try await client.everything().map(\.text) == ["x"])
        }
    }

    @Test func aPacketMayComeByteByByte() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.open(.v311)
            for byte in Hexadecimal.bytes("10 0d 0004 4d515454 04 02 003c 0001 61 c0 00") { await client.send([byte]) }
            #expect(try await client.receiveHex(count: 6) == "20 02 00 00 d0 00")
        }
    }

    /// [MQTT-3.1.2-22]
    @Test(arguments: [ProtocolVersion.v311, .v50])
    func silenceBeyondTheKeepAliveEndsTheConnection(version: ProtocolVersion) async throws {
        try await BrokerHarness.run { broker in
            let watcher = try await broker.connect("watcher")
            try await watcher.subscribe("will")
            let client = try await broker.connect("a", version) {
                $0.keepAliveSeconds = 1
                $0.will = Will(topic: "will", payload: Array("gone".utf8))
            }
            #expect(try await client.receiveToEnd() == (version == .v50 ? [.disconnect(.keepAliveTimeout)] : []))
            #expect(try await watcher.message().text == "gone")
        }
    }
}
