import MQTTProtocol
import MQTTWire
import NIOCore

/// What the bytes of a PUBLISH go through before and after the store.
enum ProtocolBenchmarks {
    static var all: [Microbenchmark] {
        [
            Microbenchmark(name: "decode-publish", run: decode),
            Microbenchmark(name: "encode-publish", run: encode),
            Microbenchmark(name: "trie-match", run: match),
            Microbenchmark(name: "access-decision", run: decide),
        ]
    }

    /// A read's worth of PUBLISH packets, QoS 1, 3.1.1, walked in place.
    private static func decode(count: Int) throws -> Int {
        var buffer = ByteBuffer()
        for topic in Samples.topics.prefix(100) {
            OutboundPublish(topic: topic, payload: Samples.payload, qos: .atLeastOnce, packetIdentifier: 7)
                .write(to: &buffer, version: .v311)
        }
        return try buffer.withUnsafeReadableBytes { bytes in
            var sum = 0
            var rest = UnsafeRawBufferPointer(rebasing: bytes[0...])
            for _ in 0..<count {
                if rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: bytes[0...]) }
                guard let frame = try Frame.next(in: rest, packetBytesMax: 1 << 20) else { return -1 }
                let view = try PublishView(frame, version: .v311)
                sum += view.topic.count + view.payload.count
                rest = UnsafeRawBufferPointer(rebasing: rest[frame.totalBytes...])
            }
            return sum
        }
    }

    private static func encode(count: Int) -> Int {
        var buffer = ByteBufferAllocator().buffer(capacity: 1 << 16)
        var sum = 0
        let packet = OutboundPublish(
            topic: Samples.topics[0],
            payload: Samples.payload,
            qos: .atLeastOnce,
            packetIdentifier: 7
        )
        for _ in 0..<count {
            if buffer.writableBytes < 1_024 { buffer.clear() }
            packet.write(to: &buffer, version: .v50)
            sum += buffer.readableBytes
        }
        return sum
    }

    /// Ten thousand subscriptions, of which a topic meets three: an exact one, one with `+`, and one with `#`.
    private static func match(count: Int) throws -> Int {
        var trie = SubscriptionTrie(hashSeed: 1)
        var handle: UInt32 = 0
        func subscribe(_ filter: String) throws {
            trie.insert(try TopicFilter(filter), Subscriber(SubscriberHandle(index: handle), maximumQoS: .atLeastOnce))
            handle += 1
        }
        for number in 0..<9_800 { try subscribe(Samples.name(number)) }
        for room in 0..<100 {
            try subscribe("house/room\(room)/+/temperature")
            try subscribe("house/room\(room)/#")
        }
        var matches = MatchSet()
        var sum = 0
        for number in 0..<count {
            trie.match(topic: Samples.topics[number % Samples.topicsCount], into: &matches)
            sum += matches.count
        }
        return sum
    }

    /// A user with twenty rules, and patterns for everybody, asked about topics that the last of them allow.
    private static func decide(count: Int) -> Int {
        var rules = (0..<20).map { number in
            AccessRule(
                subject: .user(Array("alice".utf8)),
                permission: number == 3 ? .deny : .readWrite,
                filter: Array("\(number == 19 ? "house" : "flat\(number)")/+/+/temperature".utf8),
                line: number
            )
        }
        rules.append(
            AccessRule(subject: .everybody, permission: .readWrite, filter: Array("home/%u/#".utf8), line: 21)
        )
        let access = AccessRules(rules).view(userName: Array("alice".utf8), clientID: Array("client".utf8))
        var sum = 0
        for number in 0..<count {
            if access.allows(.write, topic: Samples.topics[number % Samples.topicsCount]) { sum += 1 }
        }
        return sum
    }
}
