import BrokerTesting
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import Broker

/// How much a WebSocket client may have buffered before it is let in.
struct FirstFramesTests {
    private static let connect = "10 0d 0004 4d515454 04 02 003c 0001 61"
    /// RFC 6455, 7.4.1: too big.
    private static let tooBig: [UInt8] = [0x03, 0xF1]

    private func upgraded(_ broker: BrokerHarness) async throws -> WebSocketClient {
        let client = try await broker.openWebSocket()
        #expect(try await client.upgrade().first?.hasPrefix("HTTP/1.1 101") == true)
        return client
    }

    @Test(arguments: [100_015, 1_900_000])
    func beforeConnectALargeFrameIsRefusedByItsHeader(bytes: Int) async throws {
        try await BrokerHarness.run { broker in
            let client = try await upgraded(broker)
            await client.send(.binary, [0x10], declaredBytes: bytes)
            let frame = try await client.receive()
            #expect(frame.kind == .close && frame.payload == Self.tooBig)
        }
    }

    @Test func whoIsInMaySendLargeFrames() async throws {
        try await BrokerHarness.run { broker in
            let client = try await upgraded(broker)
            await client.send(.binary, hex: Self.connect)
            #expect(try await client.receiveHex(count: 4) == "20 02 00 00")
            try await publishLarge(client)
        }
    }

    @Test func aLargeFrameMayFollowConnectAtOnce() async throws {
        try await BrokerHarness.run { broker in
            let client = try await upgraded(broker)
            await client.send(.binary, hex: Self.connect)
            try await publishLarge(client, after: "20 02 00 00 ")
        }
    }

    private func publishLarge(_ client: WebSocketClient, after before: String = "") async throws {
        let payload = [UInt8](repeating: 0x61, count: 500_000)
        // Topic t, packet identifier 7.
        let remaining = payload.count + 5
        let length = [UInt8(remaining & 0x7F) | 0x80, UInt8(remaining >> 7 & 0x7F) | 0x80, UInt8(remaining >> 14)]
        await client.send(.binary, [0x32] + length + [0, 1, 0x74, 0, 7] + payload)
        let answer = before + "40 02 00 07"
        #expect(try await client.receiveHex(count: answer.count / 3 + 1) == answer)
    }

    @Test func aRefusedClientIsOutsideAgain() async throws {
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = false
        try await BrokerHarness.run(setup) { broker in
            let client = try await upgraded(broker)
            await client.send(.binary, hex: Self.connect)
            #expect(try await client.receiveHex(count: 4) == "20 02 00 05")
            await client.send(.binary, [0], declaredBytes: 1_000_000)
            _ = try await client.receiveToEnd()
        }
    }

    /// The handler by itself: what it passes on, however the bytes are cut.
    @Test func framesPassUnchanged() throws {
        var admission = FirstFramesHandler.Admission.outside
        let channel = EmbeddedChannel(
            handler: FirstFramesHandler(payloadBytesMax: 300) { admission }
        )
        let frames: [UInt8] =
            [0x82, 0x83, 1, 2, 3, 4, 5, 6, 7] + [0x82, 0xFE, 0, 200, 1, 2, 3, 4] + [UInt8](repeating: 9, count: 200)
            + [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 1, 44, 1, 2, 3, 4] + [UInt8](repeating: 8, count: 300) + [0x89, 0x80]
            + [1, 2, 3, 4]
        for byte in frames { try channel.writeInbound(ByteBuffer(bytes: [byte])) }
        #expect(try everything(channel) == frames)
        try channel.writeInbound(ByteBuffer(bytes: frames))
        #expect(try everything(channel) == frames)
        // Once inside, nothing is looked at any more.
        try channel.writeInbound(ByteBuffer(bytes: [0x82]))
        admission = .inside
        try channel.writeInbound(ByteBuffer(bytes: [0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 20)))
        #expect(try everything(channel).count == 23)
        #expect(throws: (any Error).self) {
            try channel.pipeline.syncOperations.handler(type: FirstFramesHandler.self)
        }
        _ = try channel.finish()
    }

    /// The longest length there is, and one that is just too long.
    @Test(arguments: [
        [0x82, 0xFF] + [UInt8](repeating: 0xFF, count: 8) + [1, 2, 3, 4], [0x82, 0xFE, 1, 59, 1, 2, 3, 4],
    ])
    func aLengthBeyondTheBoundIsAnError(header: [UInt8]) throws {
        let channel = EmbeddedChannel(handler: FirstFramesHandler(payloadBytesMax: 300) { .outside })
        #expect(throws: NIOWebSocketError.invalidFrameLength) { try channel.writeInbound(ByteBuffer(bytes: header)) }
        try channel.writeInbound(ByteBuffer(bytes: [1]))
        #expect(try everything(channel).isEmpty)
        _ = try channel.finish()
    }

    private func everything(_ channel: EmbeddedChannel) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try channel.readInbound(as: ByteBuffer.self) { bytes += piece.readableBytesView }
        return bytes
    }
}
