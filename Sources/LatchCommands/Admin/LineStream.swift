import Glibc

/// Lines on a socket, read and written by a thread that may wait.
final class LineStream {
    /// A request or an answer is far shorter; whoever sends more is not one of us.
    private static let lineBytesMax = 1 << 20

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Takes over the descriptor.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The next line, without its end; `nil` at the end of the stream, for a line too long, or when waiting took too long.
    func readLine() -> [UInt8]? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                return line
            }
            guard received.count <= Self.lineBytesMax else { return nil }
            var chunk = [UInt8](repeating: 0, count: 4_096)
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
