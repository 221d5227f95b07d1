@testable import RetainedStore

extension StoreWriter {
    /// Commits one message.
    @discardableResult
    func set(_ topic: String, _ payload: String, expirySeconds: UInt64 = 0) throws -> UInt64 {
        try commit([(topic, payload)], expirySeconds: expirySeconds)
    }

    /// Commits the clearing of a topic.
    @discardableResult
    func clear(_ topic: String) throws -> UInt64 {
        try commit([(topic, nil)])
    }

    /// Commits a batch of sets and, where there is no payload, clears.
    @discardableResult
    func commit(
        _ messages: [(topic: String, payload: String?)],
        expirySeconds: UInt64 = 0,
        ordered: (UInt64) -> Void = { _ in }
    ) throws -> UInt64 {
        // One piece of memory that outlives the commit, as an event loop's read buffer does.
        var bytes: [UInt8] = []
        var ranges: [(topic: Range<Int>, payload: Range<Int>?)] = []
        for message in messages {
            let start = bytes.count
            bytes += Array(message.topic.utf8)
            let middle = bytes.count
            bytes += Array((message.payload ?? "").utf8)
            ranges.append((start..<middle, message.payload == nil ? nil : middle..<bytes.count))
        }
        let client = Array("client-7".utf8)
        let user = Array("alice".utf8)
        return try bytes.withUnsafeBytes { bytes in
            try client.withUnsafeBytes { client in
                try user.withUnsafeBytes { user in
                    for range in ranges {
                        let parts = MessageParts(
                            topic: UnsafeRawBufferPointer(rebasing: bytes[range.topic]),
                            clientID: client,
                            userName: user,
                            properties: UnsafeRawBufferPointer(start: nil, count: 0),
                            payload: UnsafeRawBufferPointer(rebasing: bytes[range.payload ?? 0..<0]),
                            qos: 1,
                            listenerPort: 1_883,
                            publishTimeMilliseconds: 1_000,
                            expiryTimeSeconds: expirySeconds
                        )
                        if range.payload == nil { clear(parts) } else { set(parts) }
                    }
                    return try commit(ordered: ordered)
                }
            }
        }
    }
}
