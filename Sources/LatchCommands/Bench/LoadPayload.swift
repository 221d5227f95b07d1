/// What stands in a payload, so that whoever receives it can say which message it is, when it left, and that it is whole.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 8 | sequence number, big endian; larger is newer within a topic |
/// | 8 | 8 | monotonic time of sending in nanoseconds, big endian |
/// | 16 | 8 | tag of sequence number and topic, big endian (only if the payload has 24 bytes or more) |
/// | 24 | … | the letter `x` |
enum LoadPayload {
    static let timeOffset = 8
    static let tagOffset = 16
    static let taggedBytesMin = 24
    static let filler = UInt8(ascii: "x")

    /// Mixes sequence number and topic (the finaliser of SplitMix64), so that a message under a foreign topic shows.
    @inline(__always)
    static func tag(sequence: UInt64, topic: Int) -> UInt64 {
        var generator = SeededGenerator(seed: sequence &+ UInt64(truncatingIfNeeded: topic) &* 0x9E37_79B9_7F4A_7C15)
        return generator.next()
    }

    @inline(__always)
    static func store(_ value: UInt64, at place: UnsafeMutableRawPointer) {
        place.storeBytes(of: value.bigEndian, as: UInt64.self)
    }

    @inline(__always)
    static func load(_ place: UnsafeRawPointer) -> UInt64 {
        UInt64(bigEndian: place.loadUnaligned(as: UInt64.self))
    }

    /// The sequence number of a whole payload; `nil` if the payload is not one that a load sent under this topic.
    static func sequence(of payload: UnsafeRawBufferPointer, topic: Int, payloadBytes: Int) -> UInt64? {
        guard payload.count == payloadBytes, payload.count >= LoadPlan.payloadBytesMin, let base = payload.baseAddress
        else { return nil }
        let sequence = load(base)
        guard payload.count >= taggedBytesMin else { return sequence }
        guard load(base + tagOffset) == tag(sequence: sequence, topic: topic) else { return nil }
        return payload[taggedBytesMin...].allSatisfy { $0 == filler } ? sequence : nil
    }
}
