import Glibc
import MQTTWire
import Mosquitto
import NIOCore

/// A client of a broker that takes its retained messages, or gives it some: MQTT 5.0 over TCP, blocking.
///
/// What it takes keeps QoS, properties and expiry; who published it no broker tells.
final class LiveBroker {
    /// A broker that says nothing for this long while it owes something is given up.
    private static let answerSecondsMax: UInt64 = 30
    private static let readBytes = 256 << 10

    let url: BrokerURL
    /// What the broker said when it accepted.
    private(set) var greeting: Connack
    private let descriptor: Int32
    private var input = ByteBuffer()

    /// Connects.
    ///
    /// - Parameter password: in place of the URL's.
    /// - Throws: ``CommandFailure`` with ``ExitStatus/inputOutput`` where nobody answers or the broker refuses.
    init(_ url: BrokerURL, password: Password?) throws(CommandFailure) {
        self.url = url
        do throws(LoadFailure) {
            descriptor = try LoadSocket.connect(host: url.host, port: url.port)
        } catch {
            throw CommandFailure(error.exitStatus, "\(error)")
        }
        greeting = Connack(reasonCode: .success)
        var connect = Connect(
            version: .v50,
            clientIdentifier: UTF8String("latch-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"),
            userName: url.username.map { UTF8String($0) },
            password: password ?? url.password.map { Password($0) }
        )
        connect.keepAliveSeconds = 0
        try send { connect.write(to: &$0) }
        greeting = try accepted()
        guard greeting.reasonCode == .success else {
            throw failure(
                "refuses the connection: \(greeting.reasonCode); name a user in the URL, and its password with --password-file"
            )
        }
    }

    /// The same, as a command line says it.
    convenience init(url text: String, passwordFile: String?) throws(CommandFailure) {
        let url: BrokerURL
        do throws(BrokerURLError) {
            url = try BrokerURL(text)
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        guard url.transport == .tcp, url.trust == nil else {
            throw CommandFailure(.usage, "messages are moved over plain TCP: write mqtt://HOST:PORT")
        }
        try self.init(url, password: try passwordFile.map { (path) throws(CommandFailure) in try Password.file(path) })
    }

    deinit {
        close(descriptor)
    }

    /// What to call the broker in a message.
    var place: String { "the broker at \(url.host) port \(url.port)" }

    /// Says goodbye, so that the broker closes cleanly.
    func disconnect() {
        try? send { Disconnect().write(to: &$0, version: .v50) }
    }

    private func accepted() throws(CommandFailure) -> Connack {
        var answer: Connack?
        while answer == nil {
            guard
                try next(
                    withinMilliseconds: Self.answerSecondsMax * 1000,
                    { (frame) throws(DecodingError) in
                        guard frame.type == .connack else { return }
                        answer = try Connack(frame, version: .v50)
                    }
                )
            else { throw failure("does not answer CONNECT") }
        }
        return answer ?? greeting
    }

    // MARK: - Packets

    /// Writes packets.
    func send(_ write: (inout ByteBuffer) -> Void) throws(CommandFailure) {
        var buffer = ByteBuffer()
        write(&buffer)
        while buffer.readableBytes > 0 {
            let sent = buffer.withUnsafeReadableBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR || errno == EAGAIN { continue }
            guard sent > 0 else { throw failure("closed the connection: \(String(cString: strerror(errno)))") }
            buffer.moveReaderIndex(forwardBy: sent)
        }
    }

    /// Waits for one packet and hands it out.
    ///
    /// - Returns: Whether one came in time.
    func next(
        withinMilliseconds limit: UInt64,
        _ body: (Frame) throws(DecodingError) -> Void
    ) throws(CommandFailure) -> Bool {
        let deadline = LoadClock.now() &+ limit &* 1_000_000
        while true {
            if try takePacket(body) { return true }
            let now = LoadClock.now()
            guard now < deadline else { return false }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let result = poll(&waiting, 1, Int32((deadline &- now) / 1_000_000 + 1))
            if result > 0 { try receive() }
        }
    }

    private func takePacket(_ body: (Frame) throws(DecodingError) -> Void) throws(CommandFailure) -> Bool {
        var taken = 0
        var reason: ReasonCode?
        do {
            taken = try input.withUnsafeReadableBytes { bytes in
                guard let frame = try Frame.next(in: bytes, packetBytesMax: WireLimits.remainingLengthMax + 5) else {
                    return 0
                }
                if frame.type == .disconnect {
                    reason = try Disconnect(frame, version: .v50, sender: .server).reasonCode
                }
                try body(frame)
                return frame.totalBytes
            }
        } catch {
            throw failure("sent a packet that is none: \(error)")
        }
        if let reason { throw failure("ends the connection: \(reason)") }
        input.moveReaderIndex(forwardBy: taken)
        if taken > 0, input.readableBytes == 0 { input.clear() }
        return taken > 0
    }

    private func receive() throws(CommandFailure) {
        input.discardReadBytes()
        let count = input.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.readBytes) { free in
            max(recv(descriptor, free.baseAddress, free.count, 0), 0)
        }
        guard count > 0 else { throw failure("closed the connection") }
    }

    func failure(_ what: String) -> CommandFailure {
        CommandFailure(.inputOutput, "\(place) \(what)")
    }
}
