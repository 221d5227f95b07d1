public import NIOCore

extension Unsuback {
    /// Appends the packet to `buffer`; below 5.0 the packet identifier alone.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        guard version.hasProperties else {
            return FieldWriter.appendPacket(.unsuback, bodyBytes: 2, to: &buffer) { $0.write(packetIdentifier) }
        }
        var properties = PropertySection()
        properties.append(.reasonString, reasonString)
        properties.append(userProperties)
        let bodyBytes = 2 + properties.encodedBytes + reasonCodes.count
        FieldWriter.appendPacket(.unsuback, bodyBytes: bodyBytes, to: &buffer) { writer in
            writer.write(packetIdentifier)
            writer.write(properties)
            for reasonCode in reasonCodes { writer.write(reasonCode.rawValue) }
        }
    }
}
