/// What idle connections cost a broker.
struct IdleReport: Codable, Equatable, Sendable {
    var version: LoadVersion
    var connections: Int
    /// From the first connection to the last CONNACK.
    var connectSeconds: Double
    var connectionsPerSecond: Double
    /// From opening a socket to its CONNACK.
    var connectMilliseconds: LoadReport.Latency?
    var idleSeconds: Double
    /// Connections that answered a ping when the time was over.
    var alive: Int
    /// From the ping to its answer, all at once.
    var pingMilliseconds: LoadReport.Latency?
    /// Anonymous memory of the broker before and with all connections, if it was named.
    var brokerBytesBefore: Int?
    var brokerBytesAfter: Int?
    var brokerBytesPerConnection: Double?
    /// Processor time of the broker while the connections were idle.
    var brokerIdleProcessorSeconds: Double?
}

extension IdleReport {
    /// The report for a person: a figure a line.
    var text: String {
        var lines = [
            "load        idle, MQTT \(version.rawValue), \(LoadReport.grouped(connections)) connections",
            "connecting  \(LoadReport.grouped(Int(connectionsPerSecond.rounded()))) connections/s, "
                + "\(LoadReport.fixed(connectSeconds, digits: 3)) s in all",
        ]
        if let connectMilliseconds { lines.append("CONNACK     \(connectMilliseconds.text)") }
        lines.append(
            "alive       \(LoadReport.grouped(alive)) after \(LoadReport.fixed(idleSeconds, digits: 1)) s"
        )
        if let pingMilliseconds { lines.append("PINGRESP    \(pingMilliseconds.text)") }
        if let brokerBytesPerConnection, let brokerBytesAfter {
            lines.append(
                "broker      \(LoadReport.grouped(Int(brokerBytesPerConnection.rounded()))) bytes of memory per connection, "
                    + "\(LoadReport.grouped(brokerBytesAfter >> 20)) MiB in all"
            )
        }
        if let brokerIdleProcessorSeconds {
            lines.append("idling      \(LoadReport.fixed(brokerIdleProcessorSeconds, digits: 2)) s of CPU")
        }
        return lines.joined(separator: "\n")
    }
}
