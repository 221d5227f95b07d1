public import NIOCore

extension Unsubscribe {
    /// Appends the packet to `buffer`, as a client.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        precondition(packetIdentifier != 0 && !filters.isEmpty, "an identifier and a filter are required")
        var properties = PropertySection()
        properties.append(userProperties)
        var bodyBytes = filters.reduce(2) { $0 + 2 + $1.bytes.count }
        if version.hasProperties { bodyBytes += properties.encodedBytes }
        FieldWriter.appendPacket(.unsubscribe, flags: 0x02, bodyBytes: bodyBytes, to: &buffer) { writer in
            writer.write(packetIdentifier)
            if version.hasProperties { writer.write(properties) }
            for filter in filters { writer.writePrefixed(filter.bytes) }
        }
    }
}
