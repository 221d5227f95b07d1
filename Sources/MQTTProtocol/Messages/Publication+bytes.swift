extension Publication {
    /// Calls `body` with the topic name's bytes.
    public func withTopic<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withBytes(from: 0, count: topicBytes, body)
    }

    /// Calls `body` with the payload.
    public func withPayload<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withBytes(from: topicBytes + forwardedPropertiesBytes, count: payloadBytes, body)
    }

    /// Calls `body` with the forwarded properties, in their wire form without a length in front.
    public func withForwardedProperties<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try storage.withBytes(from: topicBytes, count: forwardedPropertiesBytes, body)
    }

    /// Calls `body` with topic, forwarded properties and payload at once, for writing the packet.
    public func withBytes<Result>(
        _ body: (
            _ topic: UnsafeRawBufferPointer,
            _ forwardedProperties: UnsafeRawBufferPointer,
            _ payload: UnsafeRawBufferPointer
        ) throws -> Result
    ) rethrows -> Result {
        let properties = topicBytes
        let payload = properties + forwardedPropertiesBytes
        let end = payload + payloadBytes
        return try storage.withBytes(from: 0, count: end) { bytes in
            try body(
                UnsafeRawBufferPointer(rebasing: bytes[0..<properties]),
                UnsafeRawBufferPointer(rebasing: bytes[properties..<payload]),
                UnsafeRawBufferPointer(rebasing: bytes[payload..<end])
            )
        }
    }

    /// Calls `body` with the publisher's client identifier, and its user name if it gave one.
    public func withOrigin<Result>(
        _ body: (_ clientID: UnsafeRawBufferPointer, _ userName: UnsafeRawBufferPointer?) throws -> Result
    ) rethrows -> Result {
        let fields = storage.fields
        let clientIDBytes = Int(fields.clientIDBytes)
        let start = topicBytes + forwardedPropertiesBytes + payloadBytes
        return try storage.withBytes(from: start, count: clientIDBytes + Int(fields.userNameBytes)) { bytes in
            try body(
                UnsafeRawBufferPointer(rebasing: bytes[..<clientIDBytes]),
                fields.hasUserName ? UnsafeRawBufferPointer(rebasing: bytes[clientIDBytes...]) : nil
            )
        }
    }

    /// The topic name as an array, where allocating does not matter.
    public var topic: [UInt8] { withTopic(Array.init) }

    /// The payload as an array, where allocating does not matter.
    public var payload: [UInt8] { withPayload(Array.init) }

    /// Who published the message, where allocating does not matter.
    public var origin: PublicationOrigin {
        withOrigin { clientID, userName in
            PublicationOrigin(
                clientID: Array(clientID),
                userName: userName.map { Array($0) },
                listenerPort: listenerPort
            )
        }
    }
}
