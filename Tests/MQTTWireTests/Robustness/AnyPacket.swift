import MQTTWire

/// Reads whatever packets `bytes` hold, as a connection would, and touches every byte that a reader hands out.
///
/// - Returns: how many packets were read, and how many bytes of an incomplete one are left.
/// - Throws: the first `DecodingError`.
@discardableResult
func readAnything(
    _ bytes: some Collection<UInt8>,
    version: ProtocolVersion,
    sender: Sender,
    memory: GuardedMemory
) throws -> (packets: Int, bytesLeft: Int) {
    try memory.withBytes(bytes) { bytes in
        var rest = bytes
        var packets = 0
        while let frame = try Frame.next(in: rest, packetBytesMax: 1 << 20) {
            try read(frame, version: version, sender: sender)
            rest = UnsafeRawBufferPointer(rebasing: rest[frame.totalBytes...])
            packets += 1
        }
        return (packets, rest.count)
    }
}

private func read(_ frame: Frame, version: ProtocolVersion, sender: Sender) throws {
    switch frame.type {
    case .connect: _ = try Connect(frame)
    case .connack: _ = try Connack(frame, version: version)
    case .publish:
        let view = try PublishView(frame, version: version, sender: sender)
        touch(view.topic)
        touch(view.payload)
        view.forwardedProperties.withContiguousBytes(touch)
        _ = view.forwardedProperties.userProperties
        _ = view.subscriptionIdentifiers
        _ = TopicFilter.matches(filter: view.topic, topic: view.topic)
        for level in TopicLevels(in: view.topic) { touch(level) }
    case .puback, .pubrec, .pubrel, .pubcomp: _ = try Acknowledgement(frame, version: version)
    case .subscribe:
        for subscription in try Subscribe(frame, version: version).subscriptions {
            _ = subscription.filter.matchedFilter.matches(topic: frame.body)
        }
    case .suback: _ = try Suback(frame, version: version)
    case .unsubscribe: _ = try Unsubscribe(frame, version: version)
    case .unsuback: _ = try Unsuback(frame, version: version)
    case .pingreq, .pingresp: break
    case .disconnect: _ = try Disconnect(frame, version: version, sender: sender)
    case .auth: _ = try Auth(frame, version: version, sender: sender)
    }
}

private func touch(_ bytes: UnsafeRawBufferPointer) {
    _ = bytes.reduce(0, ^)
}
