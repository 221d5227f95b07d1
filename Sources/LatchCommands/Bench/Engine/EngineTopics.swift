import RetainedStore

/// The topics of `latch bench store`, and the parts of their messages.
struct EngineTopics: Sendable {
    private static let prefix = "bench"

    private let naming: TopicNaming
    private let payload: [UInt8]

    init(_ plan: StorePlan) {
        naming = TopicNaming(prefix: Self.prefix, topics: plan.topics)
        payload = [UInt8](repeating: LoadPayload.filler, count: plan.payloadBytes)
    }

    /// Every topic, and those of one of the two levels below the prefix.
    static let everything = prefix + "/#"
    static let leaves = prefix + "/+/temp"

    /// Lends the name of a topic.
    func withName<Result>(
        _ topic: Int,
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let name = Array(naming.name(topic).utf8)
        return try name.withUnsafeBufferPointer { (name) throws(StoreError) in try body(UnsafeRawBufferPointer(name)) }
    }

    /// Commits messages for these topics as one batch; returns the LSN to wait for.
    func commit(_ topics: some Sequence<Int>, to writer: StoreWriter) throws(StoreError) -> UInt64 {
        // The writer keeps pointers until the commit, so all names lie in one piece of memory.
        var names: [UInt8] = []
        var ends: [Int] = []
        for topic in topics {
            names += naming.name(topic).utf8
            ends.append(names.count)
        }
        return try names.withUnsafeBufferPointer { (names) throws(StoreError) in
            try payload.withUnsafeBufferPointer { (payload) throws(StoreError) in
                let payload = UnsafeRawBufferPointer(payload)
                var start = 0
                for end in ends {
                    let name = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: names[start..<end]))
                    writer.set(Self.parts(name, payload))
                    start = end
                }
                return try writer.commit { _ in }
            }
        }
    }

    private static func parts(_ topic: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer) -> MessageParts {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        return MessageParts(
            topic: topic,
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
}
