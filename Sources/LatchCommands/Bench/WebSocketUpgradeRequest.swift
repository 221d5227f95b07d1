/// The request that turns a TCP connection into a WebSocket (RFC 6455, 4.1), and the look at its answer.
enum WebSocketUpgradeRequest {
    /// The key and the answer to it that the RFC uses as its example: which key it is matters to nobody here.
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    /// An answer that is longer is not one.
    static let answerBytesMax = 4_096

    static func bytes(path: String, host: String, port: UInt16) -> [UInt8] {
        let lines = [
            "GET \(path) HTTP/1.1", "Host: \(host):\(port)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: mqtt", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// Whether the whole answer has arrived.
    static func isComplete(_ answer: [UInt8]) -> Bool {
        answer.suffix(4).elementsEqual("\r\n\r\n".utf8)
    }

    /// - Throws: `webSocketRefused` unless the server has switched protocols.
    static func check(_ answer: [UInt8]) throws(LoadFailure) {
        let text = String(decoding: answer, as: UTF8.self)
        let status = text.prefix { $0 != "\r\n" }
        guard status.hasPrefix("HTTP/1.1 101"), text.contains(accept) else {
            throw .webSocketRefused(status: String(status.prefix(80)))
        }
    }
}
