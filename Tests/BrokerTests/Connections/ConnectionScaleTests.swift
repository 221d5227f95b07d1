import BrokerTesting
import Foundation
import Glibc
import MQTTProtocol
import MQTTWire
import Testing

/// Many connections, many subscriptions, and the largest packet: what they cost is bounded, and nobody else suffers.
@Suite(.serialized) struct ConnectionScaleTests {
    /// Nearly 10,000 idle connections: under 10 kB of memory each for both ends, which live in this one process.
    @Test(
        .enabled(if: raiseDescriptorLimit(to: 20_000), "two descriptors for each connection: ulimit -n 20000"),
        .timeLimit(.minutes(10))
    )
    func tenThousandIdleConnections() async throws {
        // Both ends live here: as many as 20,000 descriptors allow.
        let count = 9_500
        try await BrokerHarness.run { broker in
            let before = Self.residentBytes
            var descriptors: [Int32] = []
            defer { for descriptor in descriptors { close(descriptor) } }
            for number in 0..<count {
                let descriptor = try RawSocket.connect(port: broker.port)
                descriptors.append(descriptor)
                let name = Array("\(number)".utf8)
                let length = UInt8(name.count)
                let connect = [0x10, 13 + length, 0, 4] + Array("MQTT".utf8) + [5, 2, 0, 0, 0, 0, length] + name
                #expect(write(descriptor, connect, connect.count) == connect.count)
                let connack = RawSocket.read(descriptor, count: 16).bytes
                #expect(connack.starts(with: [0x20, 14, 0, 0]), "connection \(number)")
            }
            let each = (Self.residentBytes - before) / count
            #expect(each < 10_000, "\(each) bytes of memory for each connection")
            // They are there, and others are served.
            let client = try await broker.connect("other")
            try await client.subscribe("a", .atLeastOnce)
            try await client.publish("a", "x", .exactlyOnce)
            #expect(try await client.message().text == "x")
            for descriptor in [descriptors.first, descriptors.last].compactMap(\.self) {
                let ping: [UInt8] = [0xC0, 0]
                #expect(write(descriptor, ping, 2) == 2)
                #expect(RawSocket.read(descriptor, count: 2).bytes == [0xD0, 0])
            }
        }
    }

    /// 100,000 subscriptions of one client cost under 1 kB each, match at once, and go with it.
    @Test(.timeLimit(.minutes(10)))
    func aHundredThousandSubscriptionsOfOneClient() async throws {
        let count = 100_000
        try await BrokerHarness.run { broker in
            let before = Self.residentBytes
            let client = try await broker.connect("many")
            for start in stride(from: 0, to: count, by: 1_000) {
                let subscriptions = try (start..<start + 1_000).map { number in
                    Subscription(
                        filter: try TopicFilter("site/\(number % 100)/device/\(number)/+"),
                        maximumQoS: .atLeastOnce,
                        retainHandling: .never
                    )
                }
                let codes = try await client.subscribe(subscriptions)
                #expect(codes.allSatisfy { $0 == .grantedQoS1 })
            }
            let each = (Self.residentBytes - before) / count
            #expect(each < 1_000, "\(each) bytes of memory for each subscription")
            let publisher = try await broker.connect("publisher")
            for number in [0, 4_711, count - 1] {
                let topic = "site/\(number % 100)/device/\(number)/temperature"
                #expect(try await publisher.publish(topic, "x", .atLeastOnce) == .success)
                #expect(try await client.message().topic == topic)
            }
            try await client.disconnect()
            var code = ReasonCode.success
            for _ in 0..<1_000 where code == .success {
                code = try await publisher.publish("site/0/device/0/temperature", "x", .atLeastOnce)
            }
            #expect(code == .noMatchingSubscribers)
        }
    }

    /// The largest packet that there is: a remaining length of 268,435,455.
    @Test(.timeLimit(.minutes(10)))
    func theLargestPacketArrives() async throws {
        var setup = BrokerSetup()
        setup.limits.packetBytesMax = .max
        try await BrokerHarness.run(setup) { broker in
            let subscriber = try await broker.connect("subscriber", .v311)
            try await subscriber.subscribe("t", .atMostOnce)
            let publisher = try await broker.connect("publisher", .v311)
            // Topic and its length take three bytes, the packet identifier two.
            let payload = [UInt8](repeating: 0x5A, count: WireLimits.remainingLengthMax - 5)
            try await publisher.publish(OutgoingMessage("t", payload, .atLeastOnce))
            let message = try await subscriber.message()
            #expect(message.payload.count == payload.count)
            #expect(message.payload.first == 0x5A && message.payload.last == 0x5A)
        }
    }

    private static func raiseDescriptorLimit(to count: Int) -> Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, rlim_t(count))
        // Only root may raise the second.
        limit.rlim_max = max(limit.rlim_max, limit.rlim_cur)
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    }

    private static var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }
}
