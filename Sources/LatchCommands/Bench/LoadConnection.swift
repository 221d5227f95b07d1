import Glibc

/// One client connection of a load: buffers, whole packets in, whole packets out.
///
/// It blocks while it introduces itself and never afterwards. The owner waits for its descriptor with `poll(2)`, calls
/// ``receive(_:)`` when it can be read, and ``flush()`` after appending packets. A connection that the broker ends, by
/// closing or by dying, is not a failure: ``isOpen`` becomes false and the load goes on without it.
final class LoadConnection {
    /// Both buffers' least size: what one system call moves.
    static let bufferBytesMin = 256 << 10

    let descriptor: Int32
    let version: LoadVersion
    /// Unacknowledged messages that the broker allows.
    private(set) var receiveMaximum = 65_535
    private(set) var isOpen = true
    /// The broker takes nothing any more; what it sent before may still be read.
    private(set) var isOutputBroken = false
    private let input: UnsafeMutableRawBufferPointer
    private var inputCount = 0
    private var lastReadBytes = 0
    private let output: UnsafeMutableRawBufferPointer
    private var outputStart = 0
    private var outputEnd = 0
    /// `nil` where they travel in plain text.
    private var tls: TLSStream?
    /// `nil` where packets travel in TCP alone.
    private var framing: WebSocketFraming?
    /// Where the packets begin that go into the next frame; room for its header is left before them.
    private var frameStart: Int?

    /// Connects and introduces itself; returns when the broker has accepted.
    ///
    /// - Parameters:
    ///   - packetBytesMax: the largest packet that will come or go.
    ///   - bufferBytesMin: of both buffers.
    ///   - reservedBytes: of the output, beyond what packets take: for ``appendAcknowledgement(_:identifier:)``.
    init(
        url: BrokerURL,
        version: LoadVersion,
        clientIdentifier: String,
        username: String?,
        password: String?,
        packetBytesMax: Int,
        bufferBytesMin: Int = LoadConnection.bufferBytesMin,
        reservedBytes: Int = 0
    ) throws(LoadFailure) {
        descriptor = try LoadSocket.connect(host: url.host, port: url.port)
        self.version = version
        let bytes = max(bufferBytesMin, 2 * packetBytesMax)
        input = .allocate(byteCount: bytes, alignment: 64)
        output = .allocate(byteCount: bytes + reservedBytes, alignment: 64)
        if let trust = url.trust { tls = try TLSStream(descriptor, host: url.host, trust: trust) }
        if case .webSocket(let path) = url.transport { try upgrade(path: path, url) }
        append(
            LoadPacket.connect(
                version: version,
                clientIdentifier: clientIdentifier,
                username: username,
                password: password
            )
        )
        var answer: ConnectAcknowledgement?
        try exchange("CONNECT") { (first, body) throws(LoadFailure) in
            guard first == 0x20 else { throw .malformed("CONNACK") }
            answer = try ConnectAcknowledgement(body, version: version)
            return true
        }
        if let answer, answer.code != 0 { throw .connectionRefused(returnCode: answer.code) }
        receiveMaximum = answer?.receiveMaximum ?? receiveMaximum
    }

    deinit {
        close(descriptor)
        input.deallocate()
        output.deallocate()
    }

    // MARK: Sending

    /// What an acknowledgement takes at most: four bytes, alone in a frame.
    static let acknowledgementBytesMax = 4 + WebSocketFraming.headerBytesMax

    /// Bytes that can be appended without flushing.
    var room: Int {
        output.count - outputEnd - (framing != nil && frameStart == nil ? WebSocketFraming.headerBytesMax : 0)
    }

    /// Appended bytes wait for the socket.
    var isBlocked: Bool { outputEnd > outputStart }

    func append(_ packet: [UInt8]) {
        precondition(packet.count <= room, "the owner flushes before it appends more than there is room for")
        beginFrame()
        packet.withUnsafeBytes {
            (output.baseAddress! + outputEnd).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        outputEnd += packet.count
    }

    /// Lends the free part of the output; the body returns how many bytes it wrote.
    @inline(__always)
    func append(_ body: (UnsafeMutableRawPointer, Int) -> Int) {
        beginFrame()
        outputEnd &+= body(output.baseAddress! + outputEnd, output.count &- outputEnd)
    }

    /// Appends the four bytes of a PUBACK, PUBREC, PUBREL or PUBCOMP.
    @inline(__always)
    func appendAcknowledgement(_ first: UInt8, identifier: UInt16) {
        beginFrame()
        let place = output.baseAddress! + outputEnd
        place.storeBytes(of: first, as: UInt8.self)
        place.storeBytes(of: 2, toByteOffset: 1, as: UInt8.self)
        place.storeBytes(of: identifier.bigEndian, toByteOffset: 2, as: UInt16.self)
        outputEnd &+= 4
    }

    /// Leaves room for the header of the frame that what is appended next goes into.
    @inline(__always)
    private func beginFrame() {
        guard framing != nil, frameStart == nil else { return }
        outputEnd += WebSocketFraming.headerBytesMax
        frameStart = outputEnd
    }

    /// Writes the header of the frame that was begun, now that its length is known.
    private func endFrame() {
        guard let start = frameStart, let base = output.baseAddress else { return }
        frameStart = nil
        let reserved = start - WebSocketFraming.headerBytesMax
        guard outputEnd > start else {
            outputEnd = reserved
            return
        }
        let headerBytes = WebSocketFraming.writeHeader(payloadBytes: outputEnd - start, endingAt: base + start)
        let surplus = WebSocketFraming.headerBytesMax - headerBytes
        if reserved == outputStart {
            outputStart += surplus
        } else if surplus > 0 {
            // Behind bytes that still wait for the socket there must be no gap.
            memmove(base + reserved, base + reserved + surplus, outputEnd - reserved - surplus)
            outputEnd -= surplus
        }
    }

    /// Answers the server's pings, without which it takes the connection for dead.
    private func sendPongs() {
        endFrame()
        for pong in framing?.pongs ?? [] where pong.count <= output.count - outputEnd {
            pong.withUnsafeBytes {
                (output.baseAddress! + outputEnd).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
            }
            outputEnd += pong.count
        }
        framing?.pongs.removeAll()
        flush()
    }

    /// Sends what the socket takes.
    func flush() {
        endFrame()
        while outputStart < outputEnd {
            let sent = transmit(output.baseAddress! + outputStart, outputEnd - outputStart)
            if sent > 0 {
                outputStart += sent
            } else if sent < 0, errno == EINTR {
                continue
            } else if sent < 0, errno == EAGAIN {
                return
            } else {
                // Reading finds the end, behind the last acknowledgement.
                isOutputBroken = true
                break
            }
        }
        outputStart = 0
        outputEnd = 0
    }

    @inline(__always)
    private func transmit(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        if let tls { return tls.send(bytes, count) }
        return send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    }

    // MARK: Receiving

    /// Reads once, and what TLS holds back besides, and walks the whole packets that are there: first byte and what follows the remaining length.
    ///
    /// - Returns: the number of packets.
    @inline(__always)
    func receive(
        _ body: (UInt8, UnsafeRawBufferPointer) throws(LoadFailure) -> Void
    ) throws(LoadFailure) -> Int {
        var packets = try receiveOnce(body)
        // Of what has been decrypted the socket says nothing more.
        while let tls, isOpen, tls.hasPending { packets += try receiveOnce(body) }
        return packets
    }

    @inline(__always)
    private func read(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        if let tls { return tls.receive(bytes) }
        return recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }

    @inline(__always)
    private func receiveOnce(
        _ body: (UInt8, UnsafeRawBufferPointer) throws(LoadFailure) -> Void
    ) throws(LoadFailure) -> Int {
        let received = read(UnsafeMutableRawBufferPointer(rebasing: input[inputCount...]))
        lastReadBytes = max(0, received)
        if received <= 0 {
            if received < 0, errno == EAGAIN || errno == EINTR { return 0 }
            isOpen = false
            return 0
        }
        if framing == nil {
            inputCount += received
        } else {
            let bytes = UnsafeMutableRawBufferPointer(rebasing: input[inputCount..<(inputCount + received)])
            if let count = try framing?.unframe(bytes) {
                inputCount += count
            } else {
                isOpen = false
            }
            if framing?.pongs.isEmpty == false { sendPongs() }
        }
        var offset = 0
        var packets = 0
        while let (first, start, count) = try nextPacket(at: offset), start + count <= inputCount {
            try body(first, UnsafeRawBufferPointer(start: input.baseAddress! + start, count: count))
            offset = start + count
            packets += 1
        }
        if offset > 0 {
            inputCount -= offset
            input.baseAddress!.copyMemory(from: input.baseAddress! + offset, byteCount: inputCount)
        }
        return packets
    }

    /// The packet that begins at an offset, if its fixed header is there: first byte, where the rest begins, its length.
    @inline(__always)
    private func nextPacket(at offset: Int) throws(LoadFailure) -> (UInt8, Int, Int)? {
        var place = offset &+ 1
        var length = 0
        var shift = 0
        while place < inputCount {
            let group = input[place]
            length |= Int(group & 0x7F) &<< shift
            place &+= 1
            if group & 0x80 == 0 {
                if place - offset + length > input.count { throw .packetTooLarge(bytes: length) }
                return (input[offset], place, length)
            }
            shift &+= 7
            if shift > 21 { throw .malformed("remaining length") }
        }
        return nil
    }

    // MARK: Before the load

    /// Sends what was appended and reads, blocking, until the body has seen what it waits for.
    func exchange(
        _ packet: String,
        until body: (UInt8, UnsafeRawBufferPointer) throws(LoadFailure) -> Bool
    ) throws(LoadFailure) {
        flush()
        var isAnswered = false
        while !isAnswered, isOpen {
            let packets = try receive { (first, content) throws(LoadFailure) in
                if try body(first, content) { isAnswered = true }
            }
            // A blocking read returns nothing only when its time is over; it may return a frame's header alone.
            if packets == 0, isOpen, lastReadBytes == 0 { break }
        }
        guard isAnswered else { throw .noAnswer(to: packet) }
    }

    /// Turns the connection into a WebSocket.
    private func upgrade(path: String, _ url: BrokerURL) throws(LoadFailure) {
        append(WebSocketUpgradeRequest.bytes(path: path, host: url.host, port: url.port))
        flush()
        var answer: [UInt8] = []
        while !WebSocketUpgradeRequest.isComplete(answer) {
            // A server says nothing of its own accord before CONNECT, so that nothing stands behind the answer.
            let part = input[..<min(input.count, WebSocketUpgradeRequest.answerBytesMax)]
            let count = read(UnsafeMutableRawBufferPointer(rebasing: part))
            if count < 0, errno == EINTR { continue }
            guard count > 0, answer.count < WebSocketUpgradeRequest.answerBytesMax else {
                throw .noAnswer(to: "the WebSocket upgrade")
            }
            answer += UnsafeRawBufferPointer(rebasing: input[..<count])
        }
        try WebSocketUpgradeRequest.check(answer)
        framing = WebSocketFraming()
    }

    /// From here on reads and writes do not wait.
    func stopBlocking() {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        tls?.isBlocking = false
    }
}
