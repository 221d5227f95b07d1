/// The plaintext of an envelope.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | plaintext version, 1 |
/// | 1 | 1 | bits 0–1: QoS; the others zero |
/// | 2 | 2 | topic bytes |
/// | 4 | 2 | client id bytes |
/// | 6 | 2 | user name bytes |
/// | 8 | 2 | listener port |
/// | 10 | 2 | zero |
/// | 12 | 4 | property bytes |
/// | 16 | 4 | payload bytes |
/// | 20 | 4 | zero |
/// | 24 | 8 | publish time, milliseconds since 1970 |
/// | 32 | 8 | expiry time, seconds since 1970; 0: never |
/// | 40 | … | topic ‖ client id ‖ user name ‖ properties ‖ payload ‖ zero padding |
enum EnvelopePlaintext {
    static let version: UInt8 = 1

    /// Writes a message into exactly ``EnvelopeLayout/plaintextBytes(of:padding:)`` bytes.
    static func write(_ parts: MessageParts, into plaintext: UnsafeMutableRawBufferPointer) {
        precondition(parts.qos <= 2, "a QoS beyond 2")
        plaintext.storeLittleEndian(version, at: 0)
        plaintext.storeLittleEndian(parts.qos, at: 1)
        // The conversions trap on lengths that MQTT cannot carry (1.5.4: strings of at most 65,535 bytes).
        plaintext.storeLittleEndian(UInt16(parts.topic.count), at: 2)
        plaintext.storeLittleEndian(UInt16(parts.clientID.count), at: 4)
        plaintext.storeLittleEndian(UInt16(parts.userName.count), at: 6)
        plaintext.storeLittleEndian(parts.listenerPort, at: 8)
        plaintext.storeLittleEndian(UInt16(0), at: 10)
        plaintext.storeLittleEndian(UInt32(parts.properties.count), at: 12)
        plaintext.storeLittleEndian(UInt32(parts.payload.count), at: 16)
        plaintext.storeLittleEndian(UInt32(0), at: 20)
        plaintext.storeLittleEndian(parts.publishTimeMilliseconds, at: 24)
        plaintext.storeLittleEndian(parts.expiryTimeSeconds, at: 32)
        var offset = EnvelopeLayout.plaintextHeaderBytes
        append(parts.topic, to: plaintext, at: &offset)
        append(parts.clientID, to: plaintext, at: &offset)
        append(parts.userName, to: plaintext, at: &offset)
        append(parts.properties, to: plaintext, at: &offset)
        append(parts.payload, to: plaintext, at: &offset)
        if offset < plaintext.count {
            UnsafeMutableRawBufferPointer(rebasing: plaintext[offset...]).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    @inline(__always)
    private static func append(
        _ bytes: UnsafeRawBufferPointer,
        to plaintext: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        precondition(offset + bytes.count <= plaintext.count, "a slot shorter than its message")
        plaintext.baseAddress?.advanced(by: offset).copyMemory(from: source, byteCount: bytes.count)
        offset += bytes.count
    }

    /// Views of the parts of an authentic plaintext, every field of which is checked.
    static func parse(_ plaintext: UnsafeRawBufferPointer) throws(EnvelopeError) -> MessageParts {
        guard plaintext.count >= EnvelopeLayout.plaintextHeaderBytes else {
            throw .tooShort(found: plaintext.count + XAES256GCM.overheadBytes)
        }
        guard plaintext[0] == version else { throw .unknownPlaintextVersion(plaintext[0]) }
        guard plaintext[1] <= 2 else { throw .malformed(field: "QoS", offset: 1) }
        guard plaintext.loadLittleEndian(at: 10, as: UInt16.self) == 0 else {
            throw .malformed(field: "zero", offset: 10)
        }
        guard plaintext.loadLittleEndian(at: 20, as: UInt32.self) == 0 else {
            throw .malformed(field: "zero", offset: 20)
        }
        var offset = EnvelopeLayout.plaintextHeaderBytes
        let topicBytes = Int(plaintext.loadLittleEndian(at: 2, as: UInt16.self))
        guard topicBytes > 0 else { throw .malformed(field: "topic bytes", offset: 2) }
        let topic = try take(topicBytes, of: plaintext, at: &offset, field: "topic bytes", fieldOffset: 2)
        let clientIDBytes = Int(plaintext.loadLittleEndian(at: 4, as: UInt16.self))
        let clientID = try take(clientIDBytes, of: plaintext, at: &offset, field: "client id bytes", fieldOffset: 4)
        let userNameBytes = Int(plaintext.loadLittleEndian(at: 6, as: UInt16.self))
        let userName = try take(userNameBytes, of: plaintext, at: &offset, field: "user name bytes", fieldOffset: 6)
        let propertyBytes = Int(plaintext.loadLittleEndian(at: 12, as: UInt32.self))
        let properties = try take(propertyBytes, of: plaintext, at: &offset, field: "property bytes", fieldOffset: 12)
        let payloadBytes = Int(plaintext.loadLittleEndian(at: 16, as: UInt32.self))
        let payload = try take(payloadBytes, of: plaintext, at: &offset, field: "payload bytes", fieldOffset: 16)
        guard plaintext[offset...].allSatisfy({ $0 == 0 }) else { throw .malformed(field: "padding", offset: offset) }
        return MessageParts(
            topic: topic,
            clientID: clientID,
            userName: userName,
            properties: properties,
            payload: payload,
            qos: plaintext[1],
            listenerPort: plaintext.loadLittleEndian(at: 8),
            publishTimeMilliseconds: plaintext.loadLittleEndian(at: 24),
            expiryTimeSeconds: plaintext.loadLittleEndian(at: 32)
        )
    }

    @inline(__always)
    private static func take(
        _ count: Int,
        of plaintext: UnsafeRawBufferPointer,
        at offset: inout Int,
        field: StaticString,
        fieldOffset: Int
    ) throws(EnvelopeError) -> UnsafeRawBufferPointer {
        guard count <= plaintext.count - offset else {
            throw .malformed(field: String(describing: field), offset: fieldOffset)
        }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: plaintext[offset..<offset + count])
    }
}
