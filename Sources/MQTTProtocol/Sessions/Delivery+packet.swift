public import MQTTWire

extension Delivery {
    /// Calls `body` with the PUBLISH that is to be written, whose slices are valid during the call.
    ///
    /// - Parameters:
    ///   - unixSeconds: The time, in seconds since 1970, from which the message's remaining life is counted. A message
    ///     that ended meanwhile is announced with 0 seconds: whether it is sent is decided when it is taken from the
    ///     session, not here.
    ///   - body: Writes the packet.
    public func withPacket<Result>(at unixSeconds: UInt64, _ body: (OutboundPublish) throws -> Result) rethrows
        -> Result
    {
        let expirySeconds: UInt32? =
            switch publication.expiry(at: unixSeconds) {
            case .never: nil
            case .remaining(let seconds): seconds
            case .expired: 0
            }
        return try publication.withBytes { topic, forwardedProperties, payload in
            try identifiers.withUnsafeBufferPointer { identifiers in
                try body(
                    OutboundPublish(
                        topic: topic,
                        payload: payload,
                        qos: qos,
                        packetIdentifier: packetIdentifier,
                        isRetained: isRetained,
                        isDuplicate: isDuplicate,
                        messageExpirySeconds: expirySeconds,
                        subscriptionIdentifiers: identifiers,
                        forwardedProperties: forwardedProperties
                    )
                )
            }
        }
    }

    /// The bytes of the packet, to be compared with the client's maximum packet size.
    func packetBytes(version: ProtocolVersion) -> Int {
        withPacket(at: 0) { $0.packetBytes(version: version) }
    }
}
