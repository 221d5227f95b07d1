/// What a load measured.
struct LoadReport: Codable, Equatable, Sendable {
    /// Percentiles of the time from sending to acknowledgement, or to delivery where subscribers take part.
    struct Latency: Codable, Equatable, Sendable {
        var p50: Double
        var p99: Double
        var p999: Double
        var maximum: Double
    }

    /// What the broker's process used, if it was named.
    struct Broker: Codable, Equatable, Sendable {
        var processorMicrosecondsPerMessage: Double
        var anonymousMemoryBytes: Int
    }

    var mode: LoadMode
    var qos: Int
    var isRetained: Bool
    var topics: Int
    var payloadBytes: Int
    var connections: Int
    var subscribers: Int
    var window: Int
    /// Messages that publishers sent.
    var published: Int
    /// Messages that were acknowledged to publishers (QoS 0: that the broker has read).
    var acknowledged: Int
    /// Messages that subscribers received.
    var delivered: Int
    /// Deliveries that were due and did not come.
    var undelivered: Int
    /// Acknowledgements for messages that were not on the way.
    var strayAcknowledgements: Int
    /// Connections that the broker ended.
    var connectionsLost: Int
    /// From the first message sent to the last one completed.
    var seconds: Double
    /// Acknowledged messages per second; deliveries per second where subscribers take part.
    var messagesPerSecond: Double
    var latencyMilliseconds: Latency?
    var broker: Broker?
    /// The load generator's own processor time, to tell whether it was the bottleneck.
    var clientMicrosecondsPerMessage: Double
}
