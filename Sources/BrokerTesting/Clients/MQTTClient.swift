public import MQTTWire
public import NIOCore

/// A client of a test: what it sends is the test's choice, byte for byte if need be, and what it gets is waited for within bounds.
///
/// It answers nothing by itself: a message is acknowledged by ``acknowledge(_:)`` or ``message()``.
public actor MQTTClient {
    public nonisolated let version: ProtocolVersion
    private let stream: ByteStream
    private var unread = ByteBuffer()
    /// What came while something else was waited for.
    private var passedOver: [ReceivedPacket] = []
    private var lastIdentifier: UInt16 = 0

    init(_ stream: ByteStream, version: ProtocolVersion) {
        self.stream = stream
        self.version = version
    }

    // MARK: Bytes

    public func send(_ bytes: some Sequence<UInt8>) {
        stream.send(ByteBuffer(bytes: bytes))
    }

    public func send(hex: String) {
        send(Hexadecimal.bytes(hex))
    }

    /// Sends what `write` writes, in one piece.
    public func send(_ write: @Sendable (inout ByteBuffer, ProtocolVersion) -> Void) {
        var buffer = ByteBuffer()
        write(&buffer, version)
        stream.send(buffer)
    }

    /// The next bytes, as many as asked for, in hexadecimal.
    public func receiveHex(count: Int) async throws -> String {
        while unread.readableBytes < count {
            var more = try await stream.receive()
            unread.writeBuffer(&more)
        }
        return Hexadecimal.text(unread.readBytes(length: count) ?? [])
    }

    /// Everything up to the end of the connection, in hexadecimal.
    public func receiveHexToEnd() async throws -> String {
        do {
            while true {
                var more = try await stream.receive()
                unread.writeBuffer(&more)
            }
        } catch ClientFailure.closed {
            return Hexadecimal.text(unread.readBytes(length: unread.readableBytes) ?? [])
        }
    }

    /// Ends the connection without a DISCONNECT.
    public func drop() async {
        await stream.close()
    }

    /// Begins to read from the socket, where it was opened without.
    public func startReading() async throws {
        try await stream.startReading()
    }

    // MARK: Packets

    /// The next packet.
    public func receive() async throws -> ReceivedPacket {
        passedOver.isEmpty ? try await receiveNew() : passedOver.removeFirst()
    }

    /// What the broker says before it ends the connection.
    public func receiveToEnd() async throws -> [ReceivedPacket] {
        var packets: [ReceivedPacket] = []
        do {
            while true { packets.append(try await receive()) }
        } catch ClientFailure.closed {
            return packets
        }
    }

    private func receiveNew() async throws -> ReceivedPacket {
        while true {
            if let packet = try nextPacket() { return packet }
            var more = try await stream.receive()
            unread.writeBuffer(&more)
        }
    }

    private func nextPacket() throws -> ReceivedPacket? {
        var usedBytes = 0
        let packet = try unread.withUnsafeReadableBytes { bytes -> ReceivedPacket? in
            guard let frame = try Frame.next(in: bytes, packetBytesMax: .max) else { return nil }
            usedBytes = frame.totalBytes
            return try ReceivedPacket(frame, version: version)
        }
        unread.moveReaderIndex(forwardBy: usedBytes)
        if unread.readerIndex > 1 << 20 { unread.discardReadBytes() }
        return packet
    }

    /// The first packet that `choose` wants; what came before it is kept for later.
    public func receive<Choice: Sendable>(_ choose: @Sendable (ReceivedPacket) -> Choice?) async throws -> Choice {
        for (position, packet) in passedOver.enumerated() {
            guard let choice = choose(packet) else { continue }
            passedOver.remove(at: position)
            return choice
        }
        while true {
            let packet = try await receiveNew()
            if let choice = choose(packet) { return choice }
            passedOver.append(packet)
        }
    }

    func nextIdentifier() -> UInt16 {
        lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
        return lastIdentifier
    }
}
