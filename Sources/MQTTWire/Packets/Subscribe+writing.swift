public import NIOCore

extension Subscribe {
    /// Appends the packet to `buffer`, as a client.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        precondition(packetIdentifier != 0 && !subscriptions.isEmpty, "an identifier and a filter are required")
        var properties = PropertySection()
        properties.append(subscriptionIdentifier: subscriptionIdentifier)
        properties.append(userProperties)
        var bodyBytes = subscriptions.reduce(2) { $0 + 2 + $1.filter.bytes.count + 1 }
        if version.hasProperties { bodyBytes += properties.encodedBytes }
        FieldWriter.appendPacket(.subscribe, flags: 0x02, bodyBytes: bodyBytes, to: &buffer) { writer in
            writer.write(packetIdentifier)
            if version.hasProperties { writer.write(properties) }
            for subscription in subscriptions {
                writer.writePrefixed(subscription.filter.bytes)
                writer.write(subscription.options(version: version))
            }
        }
    }
}
