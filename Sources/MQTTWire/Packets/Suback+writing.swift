public import NIOCore

extension Suback {
    /// Appends the packet to `buffer`.
    ///
    /// Below 5.0 every failure is 0x80 (3.9.3 of 3.1.1). 3.1 has no failure at all: there the caller gives the QoS
    /// that was asked for.
    public func write(to buffer: inout ByteBuffer, version: ProtocolVersion) {
        var properties = PropertySection()
        properties.append(.reasonString, reasonString)
        properties.append(userProperties)
        let bodyBytes = 2 + (version.hasProperties ? properties.encodedBytes : 0) + reasonCodes.count
        FieldWriter.appendPacket(.suback, bodyBytes: bodyBytes, to: &buffer) { writer in
            writer.write(packetIdentifier)
            if version.hasProperties { writer.write(properties) }
            for reasonCode in reasonCodes {
                let isTold = version.hasProperties || !reasonCode.isError
                writer.write(isTold ? reasonCode.rawValue : ReasonCode.unspecifiedError.rawValue)
            }
        }
    }
}
