import MQTTWire

/// The packet decoder: the first byte says which version the bytes behind it are in, and who sent them.
enum PacketFuzzing {
    private static let versions: [ProtocolVersion] = [.v31, .v311, .v50]

    static func read(_ bytes: UnsafeRawBufferPointer) {
        guard let choice = bytes.first else { return }
        let version = versions[Int(choice) % 3]
        let sender: Sender = choice & 0x80 == 0 ? .client : .server
        // A copy of its own: a byte behind the end is somebody else's memory.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count - 1, alignment: 1)
        defer { copy.deallocate() }
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[1...]))
        var rest = UnsafeRawBufferPointer(copy)
        while let frame = try? Frame.next(in: rest, packetBytesMax: 1 << 20) {
            precondition(frame.totalBytes <= rest.count && frame.totalBytes >= 2, "a frame longer than what there is")
            try? read(frame, version, sender)
            rest = UnsafeRawBufferPointer(rebasing: rest[frame.totalBytes...])
        }
    }

    private static func read(_ frame: Frame, _ version: ProtocolVersion, _ sender: Sender) throws {
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

    private static func touch(_ bytes: UnsafeRawBufferPointer) {
        _ = bytes.reduce(0, ^)
    }
}
