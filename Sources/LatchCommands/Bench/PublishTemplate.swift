/// A PUBLISH that is encoded once; sending it again means a copy and a few patched bytes.
struct PublishTemplate {
    private let bytes: [UInt8]
    private let numberOffset: Int
    private let numberDigits: Int
    /// Where the packet identifier stands; `nil` for QoS 0.
    private let identifierOffset: Int?
    /// Where the payload begins; `nil` if it is empty.
    private let payloadOffset: Int?
    private let isTagged: Bool

    /// Length of the whole packet.
    var count: Int { bytes.count }

    /// - Parameter payloadBytes: 0 for a clear, else at least ``LoadPlan/payloadBytesMin``.
    init(version: LoadVersion, naming: TopicNaming, qos: UInt8, isRetained: Bool, payloadBytes: Int) {
        let topic = LoadPacket.string(naming.name(0))
        let identifierBytes = qos > 0 ? 2 : 0
        let properties = version.noProperties
        let body = topic.count + identifierBytes + properties.count + payloadBytes
        let header = [0x30 | (qos << 1) | (isRetained ? 1 : 0)] + LoadPacket.remainingLength(body)
        bytes =
            header + topic + [UInt8](repeating: 0, count: identifierBytes) + properties
            + [UInt8](repeating: LoadPayload.filler, count: payloadBytes)
        numberOffset = header.count + 2 + naming.numberOffset
        numberDigits = naming.numberDigits
        identifierOffset = qos > 0 ? header.count + topic.count : nil
        payloadOffset = payloadBytes > 0 ? header.count + body - payloadBytes : nil
        isTagged = payloadBytes >= LoadPayload.taggedBytesMin
    }

    /// Writes the packet; the place has room for ``count`` bytes.
    @inline(__always)
    func write(
        to place: UnsafeMutableRawPointer,
        topic: Int,
        identifier: UInt16,
        sequence: UInt64,
        nanoseconds: UInt64
    ) {
        bytes.withUnsafeBytes { place.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        var rest = UInt32(truncatingIfNeeded: topic)
        var offset = numberOffset &+ numberDigits
        while offset > numberOffset {
            offset &-= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            place.storeBytes(of: 0x30 + UInt8(truncatingIfNeeded: remainder), toByteOffset: offset, as: UInt8.self)
            rest = quotient
        }
        if let identifierOffset {
            place.storeBytes(of: identifier.bigEndian, toByteOffset: identifierOffset, as: UInt16.self)
        }
        if let payloadOffset {
            let payload = place + payloadOffset
            LoadPayload.store(sequence, at: payload)
            LoadPayload.store(nanoseconds, at: payload + LoadPayload.timeOffset)
            if isTagged {
                LoadPayload.store(
                    LoadPayload.tag(sequence: sequence, topic: topic),
                    at: payload + LoadPayload.tagOffset
                )
            }
        }
    }
}
