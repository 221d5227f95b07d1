public import NIOCore

extension Disconnect {
    /// Appends the packet to `buffer`; below 5.0 it has no contents, and only a client sends it.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        var properties = PropertySection()
        properties.append(.sessionExpiryInterval, sessionExpirySeconds)
        properties.append(.reasonString, reasonString)
        properties.append(userProperties)
        properties.append(.serverReference, serverReference)
        let hasProperties = version.hasProperties && !properties.isEmpty
        let hasReasonCode = version.hasProperties && (hasProperties || reasonCode != .normalDisconnection)
        let bodyBytes = (hasReasonCode ? 1 : 0) + (hasProperties ? properties.encodedBytes : 0)
        FieldWriter.appendPacket(.disconnect, bodyBytes: bodyBytes, to: &buffer) { writer in
            if hasReasonCode { writer.write(reasonCode.rawValue) }
            if hasProperties { writer.write(properties) }
        }
    }
}
