import Glibc

/// Lines on a socket, read and written by a thread that may wait.
final class LineStream {
    /// A request is far shorter; whoever sends more is not one of us.
    static let requestBytesMax = 1 << 20
    /// An answer may hold the largest message of MQTT, each byte of it as an escape of six.
    static let answerBytesMax = 1 << 31

    let descriptor: Int32
    private let lineBytesMax: Int
    private var received: [UInt8] = []
    /// Bytes of `received` that were looked through and hold no line end.
    private var searchedCount = 0
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    /// Takes over the descriptor.
    init(descriptor: Int32, lineBytesMax: Int = requestBytesMax) {
        self.descriptor = descriptor
        self.lineBytesMax = lineBytesMax
    }

    deinit {
        close(descriptor)
    }

    /// The next line, without its end; `nil` at the end of the stream, for a line too long, or when waiting took too long.
    func readLine() -> [UInt8]? {
        while true {
            if let end = received[searchedCount...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                searchedCount = 0
                return line
            }
            searchedCount = received.count
            guard received.count <= lineBytesMax else { return nil }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            received += chunk[..<count]
        }
    }

    /// Writes a line; false if the other side has gone.
    @discardableResult
    func writeLine(_ line: [UInt8]) -> Bool {
        let bytes = line + [UInt8(ascii: "\n")]
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
