import MQTTWire
import NIOCore

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
        case .connect:
            let packet = try Connect(frame)
            writes {
                packet.write(to: &$0)
            } reads: {
                try Connect($0).write(to: &$1)
            }
        case .connack:
            let packet = try Connack(frame, version: version)
            writes {
                _ = packet.write(to: &$0, version: version)
            } reads: {
                _ = try Connack($0, version: version).write(to: &$1, version: version)
            }
        case .publish:
            let view = try PublishView(frame, version: version, sender: sender)
            touch(view.topic)
            touch(view.payload)
            view.forwardedProperties.withContiguousBytes(touch)
            _ = view.forwardedProperties.userProperties
            _ = view.subscriptionIdentifiers
            for level in TopicLevels(in: view.topic) { touch(level) }
        case .puback, .pubrec, .pubrel, .pubcomp:
            let packet = try Acknowledgement(frame, version: version)
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Acknowledgement($0, version: version).write(to: &$1, version: version)
            }
        case .subscribe:
            let packet = try Subscribe(frame, version: version)
            for subscription in packet.subscriptions {
                _ = subscription.filter.matchedFilter.matches(topic: frame.body)
            }
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Subscribe($0, version: version).write(to: &$1, version: version)
            }
        case .suback:
            let packet = try Suback(frame, version: version)
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Suback($0, version: version).write(to: &$1, version: version)
            }
        case .unsubscribe:
            let packet = try Unsubscribe(frame, version: version)
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Unsubscribe($0, version: version).write(to: &$1, version: version)
            }
        case .unsuback:
            let packet = try Unsuback(frame, version: version)
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Unsuback($0, version: version).write(to: &$1, version: version)
            }
        case .pingreq, .pingresp: break
        case .disconnect:
            let packet = try Disconnect(frame, version: version, sender: sender)
            writes {
                packet.write(to: &$0, version: version)
            } reads: {
                try Disconnect($0, version: version, sender: sender).write(to: &$1, version: version)
            }
        case .auth:
            let packet = try Auth(frame, version: version, sender: sender)
            writes {
                packet.write(to: &$0)
            } reads: {
                try Auth($0, version: version, sender: sender).write(to: &$1)
            }
        }
    }

    /// What was read can be written, and read and written again to the same bytes.
    private static func writes(
        _ write: (inout ByteBuffer) -> Void,
        reads: (Frame, inout ByteBuffer) throws -> Void
    ) {
        var (first, second) = (ByteBuffer(), ByteBuffer())
        write(&first)
        do {
            try first.withUnsafeReadableBytes { bytes in
                guard let frame = try Frame.next(in: bytes, packetBytesMax: Int.max) else {
                    preconditionFailure("half a packet was written")
                }
                precondition(frame.totalBytes == bytes.count, "more than a packet was written")
                try reads(frame, &second)
            }
        } catch {
            preconditionFailure("what was written cannot be read: \(error)")
        }
        precondition(first == second, "a packet changes when it is written")
    }

    private static func touch(_ bytes: UnsafeRawBufferPointer) {
        _ = bytes.reduce(0, ^)
    }
}
