/// A client's end of WebSocket framing (RFC 6455): packets go out in binary frames, and frames come in anywhere between
/// two reads.
struct WebSocketFraming {
    /// What a header takes at most: two bytes, a length of eight, and the masking key.
    static let headerBytesMax = 14

    private static let binary: UInt8 = 0x2
    private static let close: UInt8 = 0x8
    private static let ping: UInt8 = 0x9
    private static let pong: UInt8 = 0xA

    /// Bytes of the present frame's payload that are still to come.
    private var payloadLeft = 0
    /// Whether the present frame carries MQTT.
    private var isData = false
    private var isPing = false
    /// What the ping said whose payload is arriving.
    private var pingPayload: [UInt8] = []
    /// Answers to the pings that have arrived; whoever sends them takes them out.
    var pongs: [[UInt8]] = []
    /// A header of which not everything has arrived.
    private var header: [UInt8] = []

    /// Writes the header of a binary frame so that it ends at `end`; returns its length.
    ///
    /// The masking key is zero, which leaves the payload as it is: masks protect proxies from scripts, and there is neither
    /// here. The broker unmasks all the same, so its work is what is measured and not the client's.
    static func writeHeader(payloadBytes: Int, endingAt end: UnsafeMutableRawPointer) -> Int {
        var bytes: [UInt8] = [0x80 | binary]
        switch payloadBytes {
        case ...125: bytes.append(0x80 | UInt8(payloadBytes))
        case ...0xFFFF: bytes += [0x80 | 126, UInt8(payloadBytes >> 8), UInt8(payloadBytes & 0xFF)]
        default:
            bytes.append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(payloadBytes >> shift & 0xFF)) }
        }
        bytes += [0, 0, 0, 0]
        bytes.withUnsafeBytes { (end - bytes.count).copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
        return bytes.count
    }

    /// Takes the frames away and leaves their payloads, moved together at the beginning.
    ///
    /// - Parameter bytes: what a read has brought.
    /// - Returns: how many bytes of MQTT are left; `nil`: the server has closed.
    mutating func unframe(_ bytes: UnsafeMutableRawBufferPointer) throws(LoadFailure) -> Int? {
        var place = 0
        var kept = 0
        while place < bytes.count {
            if payloadLeft > 0 {
                let count = min(payloadLeft, bytes.count - place)
                if isData {
                    if place > kept {
                        (bytes.baseAddress! + kept).copyMemory(from: bytes.baseAddress! + place, byteCount: count)
                    }
                    kept += count
                } else if isPing {
                    pingPayload += bytes[place..<(place + count)]
                }
                place += count
                payloadLeft -= count
                if payloadLeft == 0 { answerPing() }
                continue
            }
            header.append(bytes[place])
            place += 1
            if try readHeader() { return nil }
        }
        return kept
    }

    /// Understands the header once it is complete; says whether it is that of a close frame.
    private mutating func readHeader() throws(LoadFailure) -> Bool {
        guard header.count >= 2 else { return false }
        if header[1] & 0x80 != 0 { throw .malformed("a masked WebSocket frame") }
        let short = Int(header[1] & 0x7F)
        let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
        guard header.count == 2 + lengthBytes else { return false }
        let opcode = header[0] & 0x0F
        let length = header[2...].reduce(0) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(UInt32.max) else { throw .malformed("a WebSocket frame of \(length) bytes") }
        payloadLeft = lengthBytes == 0 ? short : Int(length)
        // A continuation carries on what the frame before it began.
        isData = opcode == Self.binary || opcode == 0
        isPing = opcode == Self.ping
        // RFC 6455, 5.5: control frames have 125 bytes at most.
        if isPing, payloadLeft > 125 { throw .malformed("a WebSocket ping of \(payloadLeft) bytes") }
        header.removeAll(keepingCapacity: true)
        if payloadLeft == 0 { answerPing() }
        return opcode == Self.close
    }

    private mutating func answerPing() {
        guard isPing else { return }
        isPing = false
        pongs.append([0x80 | Self.pong, 0x80 | UInt8(pingPayload.count), 0, 0, 0, 0] + pingPayload)
        pingPayload.removeAll()
    }
}
