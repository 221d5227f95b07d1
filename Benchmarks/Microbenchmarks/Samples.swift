import RetainedStore

/// Topics and messages, the same in every run, in memory that is never given back: writers keep pointers to it.
enum Samples {
    static let topicsCount = 1_000

    /// `house/room17/device17/temperature` and the like.
    static func name(_ number: Int) -> String { "house/room\(number % 100)/device\(number)/temperature" }

    // Written once, before anybody can see it.
    nonisolated(unsafe) static let topics = (0..<topicsCount).map { lasting(Array(name($0).utf8)) }
    // Written once, before anybody can see it.
    nonisolated(unsafe) static let payload = lasting([UInt8](repeating: UInt8(ascii: "x"), count: 200))
    // Nothing to write.
    nonisolated(unsafe) private static let none = UnsafeRawBufferPointer(start: nil, count: 0)

    /// A message for one of the topics.
    static func message(_ topic: Int) -> MessageParts {
        MessageParts(
            topic: topics[topic],
            clientID: none,
            userName: none,
            properties: none,
            payload: payload,
            qos: 1,
            listenerPort: 1883,
            publishTimeMilliseconds: 0,
            expiryTimeSeconds: 0
        )
    }

    /// Bytes that stay where they are.
    static func lasting(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(memory)
    }
}
