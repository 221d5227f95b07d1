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
    private(set) var isOpen = true
    private let input: UnsafeMutableRawBufferPointer
    private var inputCount = 0
    private let output: UnsafeMutableRawBufferPointer
    private var outputStart = 0
    private var outputEnd = 0

    /// Connects and introduces itself; returns when the broker has accepted.
    ///
    /// - Parameter packetBytesMax: the largest packet that will come or go.
    init(
        url: BrokerURL,
        clientIdentifier: String,
        username: String?,
        password: String?,
        packetBytesMax: Int
    ) throws(LoadFailure) {
        descriptor = try LoadSocket.connect(host: url.host, port: url.port)
        let bytes = max(Self.bufferBytesMin, 2 * packetBytesMax)
        input = .allocate(byteCount: bytes, alignment: 64)
        output = .allocate(byteCount: bytes, alignment: 64)
        append(LoadPacket.connect(clientIdentifier: clientIdentifier, username: username, password: password))
        var returnCode: UInt8?
        try exchange("CONNECT") { (first, body) throws(LoadFailure) in
            guard first == 0x20, body.count == 2 else { throw .malformed("CONNACK") }
            returnCode = body[1]
            return true
        }
        if let returnCode, returnCode != 0 { throw .connectionRefused(returnCode: returnCode) }
    }

    deinit {
        close(descriptor)
        input.deallocate()
        output.deallocate()
    }

    // MARK: Sending

    /// Bytes that can be appended without flushing.
    var room: Int { output.count - outputEnd }

    /// Appended bytes wait for the socket.
    var isBlocked: Bool { outputEnd > outputStart }

    func append(_ packet: [UInt8]) {
        precondition(packet.count <= room, "the owner flushes before it appends more than there is room for")
        packet.withUnsafeBytes {
            (output.baseAddress! + outputEnd).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        outputEnd += packet.count
    }

    /// Lends the free part of the output; the body returns how many bytes it wrote.
    @inline(__always)
    func append(_ body: (UnsafeMutableRawPointer, Int) -> Int) {
        outputEnd &+= body(output.baseAddress! + outputEnd, output.count &- outputEnd)
    }

    /// Appends the four bytes of a PUBACK, PUBREC, PUBREL or PUBCOMP.
    @inline(__always)
    func appendAcknowledgement(_ first: UInt8, identifier: UInt16) {
        let place = output.baseAddress! + outputEnd
        place.storeBytes(of: first, as: UInt8.self)
        place.storeBytes(of: 2, toByteOffset: 1, as: UInt8.self)
        place.storeBytes(of: identifier.bigEndian, toByteOffset: 2, as: UInt16.self)
        outputEnd &+= 4
    }

    /// Sends what the socket takes.
    func flush() {
        while outputStart < outputEnd {
            let sent = send(
                descriptor,
                output.baseAddress! + outputStart,
                outputEnd - outputStart,
                Int32(MSG_NOSIGNAL)
            )
            if sent > 0 {
                outputStart += sent
            } else if sent < 0, errno == EINTR {
                continue
            } else if sent < 0, errno == EAGAIN {
                return
            } else {
                isOpen = false
                return
            }
        }
        outputStart = 0
        outputEnd = 0
    }

    // MARK: Receiving

    /// Reads once and walks the whole packets that are there: first byte and what follows the remaining length.
    ///
    /// - Returns: the number of packets.
    @inline(__always)
    func receive(
        _ body: (UInt8, UnsafeRawBufferPointer) throws(LoadFailure) -> Void
    ) throws(LoadFailure) -> Int {
        let received = recv(descriptor, input.baseAddress! + inputCount, input.count - inputCount, 0)
        if received <= 0 {
            if received < 0, errno == EAGAIN || errno == EINTR { return 0 }
            isOpen = false
            return 0
        }
        inputCount += received
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
            // A blocking read returns nothing only when its time is over.
            if packets == 0, isOpen, inputCount == 0 { break }
        }
        guard isAnswered else { throw .noAnswer(to: packet) }
    }

    /// From here on reads and writes do not wait.
    func stopBlocking() {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }
}
