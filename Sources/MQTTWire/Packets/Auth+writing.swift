public import NIOCore

extension Auth {
    /// Appends the packet to `buffer`.
    public func write(to buffer: inout ByteBuffer) {
        var properties = PropertySection()
        properties.append(.authenticationMethod, authenticationMethod)
        properties.append(.authenticationData, authenticationData)
        properties.append(.reasonString, reasonString)
        properties.append(userProperties)
        let isEmpty = properties.isEmpty && reasonCode == .success
        let bodyBytes = isEmpty ? 0 : 1 + properties.encodedBytes
        FieldWriter.appendPacket(.auth, bodyBytes: bodyBytes, to: &buffer) { writer in
            guard !isEmpty else { return }
            writer.write(reasonCode.rawValue)
            writer.write(properties)
        }
    }
}
