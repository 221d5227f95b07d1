/// Everything that defines one load; two runs of one plan send the same bytes, times and sequence numbers aside.
struct LoadPlan: Equatable, Sendable {
    var mode = LoadMode.publish
    var version = LoadVersion.mqtt311
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
    /// Seconds of publishing, or of being idle; `nil`: until the messages are sent.
    var seconds: Double?
    /// Messages per second of all connections, whether or not the broker keeps up; `nil`: as fast as windows allow.
    var rate: Double?
    /// The first levels of every topic; `%d` stands for the number of the connection.
    var topicPrefix = "bench"
    /// The user name of a connection; `%d` stands for its number.
    var username: String?
    var password: String?
    /// Every so many messages of a connection clear their topic instead of setting it; 0: none.
    var clearEvery = 0
    /// Topics are visited in ascending order, not scattered.
    var isOrdered = false
    /// Publishers note when each message was acknowledged.
    var keepsTimelines = false
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
    /// Idle connections: what one address of this machine has ports for.
    static let idleConnectionsMax = 25_000
    static let rateMax = 100_000_000.0

    /// Why the plan cannot be carried out; `nil` if it can.
    var problem: String? {
        if qos > 2 { return "QoS is 0, 1 or 2" }
        if mode != .publish, qos > 1 { return "subscribers take QoS 0 or 1" }
        if !(Self.payloadBytesMin...Self.payloadBytesMax).contains(payloadBytes) {
            return "payloads have \(Self.payloadBytesMin) to \(Self.payloadBytesMax) bytes"
        }
        if !(1...Self.windowMax).contains(window) { return "a window has 1 to \(Self.windowMax) messages" }
        let connectionsMax = mode == .idle ? Self.idleConnectionsMax : Self.connectionsMax
        if !(1...connectionsMax).contains(connections) || !(0...Self.connectionsMax).contains(subscribers) {
            return "at most \(connectionsMax) connections"
        }
        if mode == .idle { return seconds.map { $0 > 0 } == true ? nil : "mode idle needs --seconds" }
        if let rate {
            if !(0.001...Self.rateMax).contains(rate) {
                return "a rate has 0.001 to \(Int(Self.rateMax)) messages a second"
            }
            if mode == .retained { return "mode retained publishes nothing: --rate goes with publish and fanout" }
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
