/// What a load measured.
struct LoadReport: Codable, Equatable, Sendable {
    /// Percentiles of the time from sending to acknowledgement, or to delivery where subscribers take part.
    struct Latency: Codable, Equatable, Sendable {
        var p50: Double
        var p90: Double
        var p99: Double
        var p999: Double
        var p9999: Double
        var maximum: Double
    }

    /// What the broker's process used, if it was named.
    struct Broker: Codable, Equatable, Sendable {
        var processorMicrosecondsPerMessage: Double
        var anonymousMemoryBytes: Int
    }

    var mode: LoadMode
    var version: LoadVersion
    var qos: Int
    var isRetained: Bool
    var topics: Int
    var payloadBytes: Int
    var connections: Int
    var subscribers: Int
    /// What was asked for, or the broker allowed if that was less.
    var window: Int
    /// Messages per second that were asked for; latencies then count from when each was due. `nil`: as fast as possible.
    var rate: Double?
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
    /// Messages that were due at the end and not sent, because the broker had not acknowledged enough; with a rate.
    var unsentDue: Int?
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
