import Mosquitto
import RetainedStore

/// Messages on their way into a store: their bytes in one piece of memory, which stays in place until they are committed.
struct MessageBatch {
    /// What one commit takes: a group of the journal has room for it, and for what others write meanwhile.
    static let countMax = 1_000
    static let bytesMax = 4 << 20

    private struct Entry {
        let message: RetainedMessage
        let start: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    var count: Int { entries.count }
    var isFull: Bool { entries.count >= Self.countMax || bytes.count >= Self.bytesMax }

    mutating func append(_ message: RetainedMessage) {
        entries.append(Entry(message: message, start: bytes.count))
        bytes += message.topic + message.clientID + message.userName + message.properties + message.payload
    }

    /// Hands everything to the store's journal, and empties the batch.
    ///
    /// - Parameter isClearing: Whether the topics are cleared, in place of being set.
    mutating func commit(to writer: StoreWriter, isClearing: Bool = false) throws(StoreError) {
        defer {
            bytes.removeAll(keepingCapacity: true)
            entries.removeAll(keepingCapacity: true)
        }
        guard !entries.isEmpty else { return }
        try bytes.span.withUnsafeBytes { (bytes) throws(StoreError) in
            for entry in entries {
                let parts = Self.parts(of: entry.message, in: bytes, at: entry.start)
                if isClearing { writer.clear(parts) } else { writer.set(parts) }
            }
            _ = try writer.commit { _ in }
        }
    }

    private static func parts(
        of message: RetainedMessage,
        in bytes: UnsafeRawBufferPointer,
        at start: Int
    ) -> MessageParts {
        var offset = start
        func next(_ count: Int) -> UnsafeRawBufferPointer {
            defer { offset += count }
            return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        }
        return MessageParts(
            topic: next(message.topic.count),
            clientID: next(message.clientID.count),
            userName: next(message.userName.count),
            properties: next(message.properties.count),
            payload: next(message.payload.count),
            qos: message.qos,
            listenerPort: message.listenerPort,
            publishTimeMilliseconds: message.publishTimeMilliseconds,
            expiryTimeSeconds: message.expirySeconds
        )
    }
}
