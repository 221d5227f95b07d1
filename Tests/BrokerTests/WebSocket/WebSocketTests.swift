import Broker
import BrokerTesting
import MQTTProtocol
import Testing

/// MQTT over WebSocket (MQTT 5.0, 6; RFC 6455), frame by frame.
struct WebSocketTests {
    private static let connect = "10 0d 0004 4d515454 04 02 003c 0001 61"
    private static let connack = "20 02 00 00"

    /// A client past its upgrade and its CONNACK.
    private func connected(_ broker: BrokerHarness) async throws -> WebSocketClient {
        let client = try await broker.openWebSocket()
        let head = try await client.upgrade()
        try #require(head.first?.hasPrefix("HTTP/1.1 101") == true)
        await client.send(.binary, hex: Self.connect)
        #expect(try await client.receiveHex(count: 4) == Self.connack)
        return client
    }

    private func header(_ name: String, in head: [String]) -> String? {
        head.first { $0.lowercased().hasPrefix(name + ":") }.map {
            String($0.dropFirst(name.count + 1).drop { $0 == " " })
        }
    }

    @Test(arguments: [
        ("mqtt", "mqtt"), ("mqttv3.1", "mqttv3.1"), ("mqttv3.1, mqtt", "mqtt"), ("foo, mqtt", "mqtt"), (nil, nil),
    ])
    func aSubprotocolIsChosen(asked: String?, chosen: String?) async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.openWebSocket()
            let head = try await client.upgrade(path: "/any/path?with=query", subprotocols: asked)
            #expect(head.first?.hasPrefix("HTTP/1.1 101") == true)
            // RFC 6455, 1.3: the answer to the key of its example.
            #expect(header("sec-websocket-accept", in: head) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(header("sec-websocket-protocol", in: head) == chosen)
            await client.send(.binary, hex: Self.connect)
            #expect(try await client.receiveHex(count: 4) == Self.connack)
        }
    }

    @Test func onlyForeignSubprotocolsAreRefused() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.openWebSocket()
            let head = try await client.upgrade(subprotocols: "stomp, amqp")
            #expect(head.first?.hasPrefix("HTTP/1.1 4") == true)
        }
    }

    @Test func aPlainRequestIsAnswered() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.openWebSocket()
            let head = try await client.request(["GET / HTTP/1.1", "Host: localhost"])
            #expect(head.first == "HTTP/1.1 426 Upgrade Required")
            #expect(String(decoding: try await client.receiveToEnd(), as: UTF8.self).contains("MQTT"))
        }
    }

    /// [MQTT-6.0.0-2]
    @Test func packetsShareAndSpanFrames() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.openWebSocket()
            _ = try await client.upgrade()
            await client.send(.binary, hex: "10 0d 0004 4d51")
            await client.send(.binary, hex: "5454 04 02 003c 0001 61 c0")
            await client.send(.binary, hex: "00 c0 00")
            #expect(try await client.receiveHex(count: 8) == "20 02 00 00 d0 00 d0 00")
        }
    }

    @Test func controlFramesMayStandBetweenTheFramesOfAMessage() async throws {
        try await BrokerHarness.run { broker in
            let client = try await broker.openWebSocket()
            _ = try await client.upgrade()
            await client.send(.binary, hex: "10 0d 0004 4d51", isFinal: false)
            await client.send(.ping, Array("hello".utf8))
            #expect(try await client.receive() == ReceivedFrame(kind: .pong, payload: Array("hello".utf8)))
            await client.send(.continuation, hex: "5454 04 02", isFinal: false)
            await client.send(.pong)
            await client.send(.continuation, hex: "003c 0001 61")
            #expect(try await client.receiveHex(count: 4) == Self.connack)
        }
    }

    @Test func aMessageLargerThanAFrameHeaderOfTwoBytesArrives() async throws {
        try await BrokerHarness.run { broker in
            let client = try await connected(broker)
            await client.send(.binary, hex: "82 06 0001 0001 62 00")
            #expect(try await client.receiveHex(count: 5) == "90 03 00 01 00")
            for count in [200, 70_000] {
                let body = [0, 1, 0x62] + [UInt8](repeating: 7, count: count)
                var packet: [UInt8] = [0x30]
                var rest = body.count
                while rest > 127 {
                    packet.append(UInt8(rest & 127) | 128)
                    rest >>= 7
                }
                packet += [UInt8(rest)] + body
                await client.send(.binary, packet)
                #expect(try await client.receiveHex(count: packet.count) == Hexadecimal.text(packet))
            }
        }
    }

    @Test func closeIsEchoed() async throws {
        try await BrokerHarness.run { broker in
            let client = try await connected(broker)
            await client.send(.close, [0x03, 0xE8] + Array("bye".utf8))
            #expect(try await client.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xE8]))
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test func disconnectClosesTheWebSocketToo() async throws {
        try await BrokerHarness.run { broker in
            let client = try await connected(broker)
            await client.send(.binary, hex: "e0 00")
            #expect(try await client.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xE8]))
        }
    }

    /// Each fault has its code (RFC 6455, 7.4.1), and ends that connection only.
    @Test func faultsAreAnsweredWithTheirCodes() async throws {
        try await BrokerHarness.run { broker in
            let unmasked = try await connected(broker)
            await unmasked.send(.binary, [0xC0, 0], isMasked: false)
            #expect(try await unmasked.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xEA]))
            let text = try await connected(broker)
            await text.send(.text, Array("hello".utf8))
            #expect(try await text.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xEB]))
            let oversize = try await connected(broker)
            await oversize.send(.binary, declaredBytes: 3_000_000)
            #expect(try await oversize.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xF1]))
            let continuation = try await connected(broker)
            await continuation.send(.continuation, [0xC0, 0])
            #expect(try await continuation.receive() == ReceivedFrame(kind: .close, payload: [0x03, 0xEA]))
            let other = try await connected(broker)
            await other.send(.binary, hex: "c0 00")
            #expect(try await other.receiveHex(count: 2) == "d0 00")
        }
    }
}
