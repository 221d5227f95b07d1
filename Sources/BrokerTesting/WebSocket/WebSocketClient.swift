import NIOCore

/// A WebSocket client that makes its frames by hand, so that it can make wrong ones (RFC 6455).
public actor WebSocketClient {
    private let stream: ByteStream
    private var unread = ByteBuffer()

    init(_ stream: ByteStream) {
        self.stream = stream
    }

    /// Asks for an upgrade.
    ///
    /// - Parameters:
    ///   - subprotocols: the value of Sec-WebSocket-Protocol, `nil` for none.
    ///   - headers: further lines.
    /// - Returns: the answer's head, line by line.
    public func upgrade(path: String = "/mqtt", subprotocols: String? = "mqtt", headers: [String] = []) async throws
        -> [String]
    {
        var lines = [
            "GET \(path) HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
            // The key of RFC 6455, 1.3.
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        if let subprotocols { lines.append("Sec-WebSocket-Protocol: \(subprotocols)") }
        return try await request(lines + headers)
    }

    /// Sends a request's head as it stands.
    ///
    /// - Returns: the answer's head, line by line.
    public func request(_ lines: [String]) async throws -> [String] {
        stream.send(ByteBuffer(string: lines.map { $0 + "\r\n" }.joined() + "\r\n"))
        while true {
            let text = String(buffer: unread)
            if let end = unread.readableBytesView.firstRange(ofBlankLine: ()) {
                unread.moveReaderIndex(forwardBy: end.upperBound)
                return Array(text.utf8).prefix(end.lowerBound).split(separator: 13).map {
                    String(decoding: $0.first == 10 ? $0.dropFirst() : $0, as: UTF8.self)
                }
            }
            try await receiveMore()
        }
    }

    // MARK: Frames

    /// Sends one frame.
    ///
    /// - Parameter declaredBytes: the length in its header, where that is not the payload's.
    public func send(
        _ opcode: WebSocketFrameKind,
        _ payload: [UInt8] = [],
        isFinal: Bool = true,
        isMasked: Bool = true,
        declaredBytes: Int? = nil
    ) {
        stream.send(
            ByteBuffer(
                bytes: Self.frame(opcode, payload, isFinal: isFinal, isMasked: isMasked, declaredBytes: declaredBytes)
            )
        )
    }

    public func send(_ opcode: WebSocketFrameKind, hex: String, isFinal: Bool = true) {
        send(opcode, Hexadecimal.bytes(hex), isFinal: isFinal)
    }

    private static func frame(
        _ opcode: WebSocketFrameKind,
        _ payload: [UInt8],
        isFinal: Bool,
        isMasked: Bool,
        declaredBytes: Int?
    ) -> [UInt8] {
        let count = declaredBytes ?? payload.count
        var frame = [opcode.rawValue | (isFinal ? 0x80 : 0)]
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        switch count {
        case ..<126:
            frame.append(UInt8(count) | maskBit)
        case ..<65_536:
            frame += [126 | maskBit, UInt8(count >> 8), UInt8(count & 0xFF)]
        default:
            frame.append(127 | maskBit)
            frame += (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        }
        guard isMasked else { return frame + payload }
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return frame + mask + payload.enumerated().map { $0.element ^ mask[$0.offset & 3] }
    }

    /// The next frame, which a server does not mask.
    public func receive() async throws -> ReceivedFrame {
        while true {
            if let frame = try nextFrame() { return frame }
            try await receiveMore()
        }
    }

    /// The payloads of binary frames until there are as many bytes, in hexadecimal. A server pings when it likes.
    public func receiveHex(count: Int) async throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let frame = try await receive()
            if frame.kind == .ping { continue }
            guard frame.kind == .binary else { throw ClientFailure.unexpected("\(frame)") }
            bytes += frame.payload
        }
        return Hexadecimal.text(bytes)
    }

    /// Waits for the end of the connection.
    ///
    /// - Returns: the bytes that came before it.
    public func receiveToEnd() async throws -> [UInt8] {
        do {
            while true { try await receiveMore() }
        } catch ClientFailure.closed {
            return unread.readBytes(length: unread.readableBytes) ?? []
        }
    }

    private func nextFrame() throws -> ReceivedFrame? {
        var bytes = unread
        guard let first: UInt8 = bytes.readInteger(), let second: UInt8 = bytes.readInteger() else { return nil }
        guard let kind = WebSocketFrameKind(rawValue: first & 0x0F), first & 0x70 == 0, second & 0x80 == 0 else {
            throw ClientFailure.unexpected("frame header \(Hexadecimal.text([first, second]))")
        }
        var count = Int(second)
        if second == 126 {
            guard let wide: UInt16 = bytes.readInteger() else { return nil }
            count = Int(wide)
        } else if second == 127 {
            guard let wide: UInt64 = bytes.readInteger() else { return nil }
            count = Int(wide)
        }
        guard let payload = bytes.readBytes(length: count) else { return nil }
        unread = bytes
        return ReceivedFrame(kind: kind, isFinal: first & 0x80 != 0, payload: payload)
    }

    private func receiveMore() async throws {
        var more = try await stream.receive()
        unread.writeBuffer(&more)
    }
}

extension Collection<UInt8> {
    /// Where the blank line stands that ends a head, in bytes from the start.
    fileprivate func firstRange(ofBlankLine: Void) -> Range<Int>? {
        let bytes = Array(self)
        for start in bytes.indices where bytes[start...].starts(with: [13, 10, 13, 10]) { return start..<start + 4 }
        return nil
    }
}
