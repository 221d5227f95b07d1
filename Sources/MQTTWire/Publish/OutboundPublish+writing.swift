public import NIOCore

extension OutboundPublish {
    /// The bytes of the whole packet, to be compared with the receiver's maximum packet size (3.1.2.11.4).
    public func packetBytes(version: ProtocolVersion) -> Int {
        let sizes = Sizes(self, version: version)
        return 1 + VariableByteInteger.byteCount(of: sizes.bodyBytes) + sizes.bodyBytes
    }

    /// Where in the written packet the packet identifier stands, two bytes in network order: whoever writes one packet
    /// for several receivers puts each one's identifier there; nil at QoS 0.
    public func packetIdentifierOffset(version: ProtocolVersion) -> Int? {
        guard qos != .atMostOnce else { return nil }
        return 1 + VariableByteInteger.byteCount(of: Sizes(self, version: version).bodyBytes) + 2 + topic.count
    }

    /// Appends the whole packet to `buffer`.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        let sizes = Sizes(self, version: version)
        FieldWriter.appendPacket(.publish, flags: flags, bodyBytes: sizes.bodyBytes, to: &buffer) { writer in
            writeVariableHeader(to: &writer, version: version, sizes: sizes)
            writer.write(payload)
        }
    }

    /// Appends everything but the payload; the payload must follow, `payload.count` bytes of it.
    public func writeHeader(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        let sizes = Sizes(self, version: version)
        FieldWriter.appendPacket(
            .publish,
            flags: flags,
            bodyBytes: sizes.bodyBytes,
            appendedBytes: payload.count,
            to: &buffer
        ) { writer in
            writeVariableHeader(to: &writer, version: version, sizes: sizes)
        }
    }

    /// The lower four bits of the first byte (3.3.1).
    private var flags: UInt8 {
        (isDuplicate ? 0x08 : 0) | qos.rawValue << 1 | (isRetained ? 0x01 : 0)
    }

    @inline(__always)
    private func writeVariableHeader(to writer: inout FieldWriter, version: ProtocolVersion, sizes: Sizes) {
        precondition((qos == .atMostOnce) == (packetIdentifier == 0), "a packet identifier belongs to QoS 1 and 2")
        writer.writePrefixed(topic)
        if qos != .atMostOnce { writer.write(packetIdentifier) }
        guard version.hasProperties else { return }
        writer.writeVariableByteInteger(UInt32(sizes.propertiesBytes))
        if topicAlias != 0 {
            writer.write(PropertyIdentifier.topicAlias.rawValue)
            writer.write(topicAlias)
        }
        if let messageExpirySeconds {
            writer.write(PropertyIdentifier.messageExpiryInterval.rawValue)
            writer.write(messageExpirySeconds)
        }
        if !forwardedProperties.isEmpty { writer.write(forwardedProperties) }
        for identifier in subscriptionIdentifiers {
            writer.write(PropertyIdentifier.subscriptionIdentifier.rawValue)
            writer.writeVariableByteInteger(identifier)
        }
    }
}
