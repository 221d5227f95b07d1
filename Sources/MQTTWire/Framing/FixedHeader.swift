/// The first two to five bytes of a packet (2.1.1 Fixed Header).
///
/// Read on its own it tells how many bytes an incomplete packet needs, so that a reader can size its buffer.
@frozen
public struct FixedHeader: Sendable, Hashable {
    public let type: PacketType

    /// The lower four bits of the first byte.
    public let flags: UInt8

    /// The bytes of the header itself, 2…5.
    public let headerBytes: Int

    /// The bytes that follow it: the remaining length.
    public let bodyBytes: Int

    /// The bytes of the whole packet.
    @inlinable public var totalBytes: Int { headerBytes + bodyBytes }

    /// Reads the header of the packet that `bytes` begins with.
    ///
    /// The first byte is judged even when the others are still missing: a peer that does not speak MQTT is noticed
    /// at once. A remaining length with more bytes than necessary is accepted, as 3.1.1 has no rule against it.
    ///
    /// - Parameters:
    ///   - bytes: what has been received, from the first byte of a packet on.
    ///   - packetBytesMax: the largest packet that is accepted, in bytes, header included.
    /// - Returns: nil as long as the header is incomplete.
    /// - Throws: `packetTypeReserved`, `flagsReserved`, `remainingLengthMalformed`, `packetTooLarge`.
    public static func next(
        in bytes: UnsafeRawBufferPointer,
        packetBytesMax: Int
    ) throws(DecodingError) -> FixedHeader? {
        guard let first = bytes.first else { return nil }
        guard let type = PacketType(rawValue: first >> 4) else { throw DecodingError(.packetTypeReserved) }
        let flags = first & 0x0F
        guard allows(flags: flags, of: type) else { throw DecodingError(.flagsReserved) }

        var bodyBytes = 0
        var index = 1
        while index < bytes.count {
            let byte = bytes[index]
            bodyBytes |= Int(byte & 0x7F) << (7 * (index - 1))
            index += 1
            if byte < 0x80 {
                if type == .pingreq || type == .pingresp, bodyBytes != 0 {
                    throw DecodingError(.remainingLengthMalformed)
                }
                guard index + bodyBytes <= packetBytesMax else { throw DecodingError(.packetTooLarge) }
                return FixedHeader(type: type, flags: flags, headerBytes: index, bodyBytes: bodyBytes)
            }
            guard index < WireLimits.fixedHeaderBytesMax else { throw DecodingError(.remainingLengthMalformed) }
        }
        return nil
    }

    /// Whether `flags` are what 2.1.3 prescribes for `type`.
    ///
    /// PUBLISH has flags of its own, which `PublishView` judges. In 3.1 a repeated PUBREL, SUBSCRIBE or UNSUBSCRIBE
    /// may carry DUP; the version is not known here, so these packets judge that bit themselves.
    private static func allows(flags: UInt8, of type: PacketType) -> Bool {
        switch type {
        case .publish:
            true
        case .pubrel, .subscribe, .unsubscribe:
            flags & ~0x08 == 0x02
        case .connect, .connack, .puback, .pubrec, .pubcomp, .suback, .unsuback, .pingreq, .pingresp, .disconnect,
            .auth:
            flags == 0
        }
    }
}
