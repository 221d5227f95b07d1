public import NIOCore

extension OutboundPublish {
    /// The bytes of the whole packet, to be compared with the receiver's maximum packet size (3.1.2.11.4).
    public func packetBytes(version: ProtocolVersion) -> Int {
        let bodyBytes = bodyBytes(version: version)
        return 1 + VariableByteInteger.byteCount(of: bodyBytes) + bodyBytes
    }

    /// Appends the whole packet to `buffer`.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        appendHeader(to: &buffer, version: version, reservingPayload: true)
        buffer.writeBytes(payload)
    }

    /// Appends everything but the payload; the payload must follow, `payload.count` bytes of it.
    public func writeHeader(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        appendHeader(to: &buffer, version: version, reservingPayload: false)
    }

    /// Where in the written packet the packet identifier stands, two bytes in network order: whoever writes one packet
    /// for several receivers puts each one's identifier there; nil at QoS 0.
    public func packetIdentifierOffset(version: ProtocolVersion) -> Int? {
        guard qos != .atMostOnce else { return nil }
        return 1 + VariableByteInteger.byteCount(of: bodyBytes(version: version)) + 2 + topic.count
    }

    private func appendHeader(to buffer: inout ByteBuffer, version: ProtocolVersion, reservingPayload: Bool) {
        precondition((qos == .atMostOnce) == (packetIdentifier == 0), "a packet identifier belongs to QoS 1 and 2")
        if reservingPayload {
            buffer.reserveCapacity(minimumWritableBytes: packetBytes(version: version))
        }
        let flags = (isDuplicate ? 0x08 : 0) | qos.rawValue << 1 | (isRetained ? 0x01 : 0)
        FieldWriter.appendPacket(
            .publish,
            flags: flags,
            bodyBytes: bodyBytes(version: version),
            appendedBytes: payload.count,
            to: &buffer
        ) { writer in
            writer.writePrefixed(topic)
            if qos != .atMostOnce { writer.write(packetIdentifier) }
            if version.hasProperties { writeProperties(to: &writer) }
        }
    }

    private func bodyBytes(version: ProtocolVersion) -> Int {
        var bytes = 2 + topic.count + (qos == .atMostOnce ? 0 : 2) + payload.count
        if version.hasProperties {
            let propertiesBytes = propertiesBytes
            bytes += VariableByteInteger.byteCount(of: propertiesBytes) + propertiesBytes
        }
        return bytes
    }

    private var propertiesBytes: Int {
        var bytes = forwardedProperties.count
        if topicAlias != 0 { bytes += 3 }
        if messageExpirySeconds != nil { bytes += 5 }
        for identifier in subscriptionIdentifiers {
            bytes += 1 + VariableByteInteger.byteCount(of: Int(identifier))
        }
        return bytes
    }

    private func writeProperties(to writer: inout FieldWriter) {
        writer.writeVariableByteInteger(UInt32(propertiesBytes))
        if topicAlias != 0 {
            writer.write(PropertyIdentifier.topicAlias.rawValue)
            writer.write(topicAlias)
        }
        if let messageExpirySeconds {
            writer.write(PropertyIdentifier.messageExpiryInterval.rawValue)
            writer.write(messageExpirySeconds)
        }
        writer.write(forwardedProperties)
        for identifier in subscriptionIdentifiers {
            writer.write(PropertyIdentifier.subscriptionIdentifier.rawValue)
            writer.writeVariableByteInteger(identifier)
        }
    }
}
