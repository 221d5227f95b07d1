/// Everything that defines one load; two runs of one plan send the same bytes, times and sequence numbers aside.
struct LoadPlan: Equatable, Sendable {
    var mode = LoadMode.publish
    /// 0, 1 or 2 for publishers; 0 or 1 for subscribers.
    var qos: UInt8 = 1
    var isRetained = true
    /// Topics in all; each belongs to one connection, so that its sequence numbers have one order.
    var topics = 1_000
    var payloadBytes = 200
    /// Publishing connections.
    var connections = 4
    /// Subscribing connections.
    var subscribers = 0
    /// Unacknowledged messages that a publisher may have on the way.
    var window = 256
    /// Messages in all; `nil`: until the time is over.
    var messages: Int?
    /// Seconds of publishing; `nil`: until the messages are sent.
    var seconds: Double?
    /// The first levels of every topic; `%d` stands for the number of the connection.
    var topicPrefix = "bench"
    /// The user name of a connection; `%d` stands for its number.
    var username: String?
    var password: String?
    /// Every so many messages of a connection clear their topic instead of setting it; 0: none.
    var clearEvery = 0
    /// Topics are visited in ascending order, not scattered.
    var isOrdered = false
}

extension LoadPlan {
    /// Sequence number and time of sending lie in front of every payload.
    static let payloadBytesMin = 16
    /// The largest payload that a load sends: larger ones measure memory copies.
    static let payloadBytesMax = 1 << 20
    /// Packet identifiers are 16 bits, without 0 (MQTT 3.1.1, 2.3.1).
    static let windowMax = 65_535
    static let topicsMax = 100_000_000
    static let connectionsMax = 1_000

    /// Why the plan cannot be carried out; `nil` if it can.
    var problem: String? {
        if qos > 2 { return "QoS is 0, 1 or 2" }
        if mode != .publish, qos > 1 { return "subscribers take QoS 0 or 1" }
        if !(Self.payloadBytesMin...Self.payloadBytesMax).contains(payloadBytes) {
            return "payloads have \(Self.payloadBytesMin) to \(Self.payloadBytesMax) bytes"
        }
        if !(1...Self.windowMax).contains(window) { return "a window has 1 to \(Self.windowMax) messages" }
        if !(1...Self.connectionsMax).contains(connections) || !(0...Self.connectionsMax).contains(subscribers) {
            return "at most \(Self.connectionsMax) connections"
        }
        if !(connections...max(connections, Self.topicsMax)).contains(topics) {
            return "topics: at least one for each connection, at most \(Self.topicsMax)"
        }
        if mode != .publish, subscribers == 0 { return "mode \(mode.rawValue) needs --subscribers" }
        if mode != .retained, messages == nil, seconds == nil { return "give --messages or --seconds" }
        if let messages, messages < 1 { return "at least one message" }
        if let seconds, !(seconds > 0) { return "seconds are more than 0" }
        if clearEvery < 0 { return "--clear-every is not negative" }
        if clearEvery > 0, !isRetained { return "only retained messages can be cleared" }
        return nil
    }

    /// A pattern with the number of a connection in place of `%d`.
    static func expand(_ pattern: String, connection: Int) -> String {
        pattern.split(separator: "%d", omittingEmptySubsequences: false).joined(separator: String(connection))
    }

    /// How a topic is named.
    func naming(connection: Int) -> TopicNaming {
        TopicNaming(prefix: Self.expand(topicPrefix, connection: connection), topics: topics)
    }
}
