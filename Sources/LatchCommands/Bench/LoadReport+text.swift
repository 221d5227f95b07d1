extension LoadReport {
    /// The report for a person: a figure a line.
    var text: String {
        var lines = [
            line("load", heading),
            line("rate", rateText),
            line("time", "\(Self.fixed(seconds, digits: 3)) s"),
        ]
        switch mode {
        case .publish:
            lines.append(
                line("messages", "\(Self.grouped(published)) published, \(Self.grouped(acknowledged)) \(completion)")
            )
        case .idle: break
        case .retained:
            lines.append(line("messages", "\(Self.grouped(delivered)) delivered"))
        case .fanout:
            lines.append(
                line("messages", "\(Self.grouped(published)) published, \(Self.grouped(delivered)) delivered")
            )
        }
        if let unsentDue, unsentDue > 0 {
            lines.append(
                line("late", "\(Self.grouped(unsentDue)) messages were due at the end and not sent yet")
            )
        }
        if undelivered > 0 { lines.append(line("undelivered", Self.grouped(undelivered))) }
        if strayAcknowledgements > 0 { lines.append(line("stray", "\(strayAcknowledgements) acknowledgements")) }
        if connectionsLost > 0 { lines.append(line("lost", "\(connectionsLost) connections, ended by the broker")) }
        if let latencyMilliseconds { lines.append(line("latency", latencyMilliseconds.text)) }
        if let broker {
            lines.append(
                line(
                    "broker",
                    "\(Self.fixed(broker.processorMicrosecondsPerMessage, digits: 2)) µs of CPU per message, "
                        + "\(Self.grouped(broker.anonymousMemoryBytes >> 20)) MiB of anonymous memory"
                )
            )
        }
        lines.append(line("client", "\(Self.fixed(clientMicrosecondsPerMessage, digits: 2)) µs of CPU per message"))
        return lines.joined(separator: "\n")
    }

    private var heading: String {
        let kind = mode == .publish && isRetained ? "publish, retained" : mode.rawValue
        let parties =
            mode == .publish
            ? "\(connections) connections" : "\(connections) publishers, \(subscribers) subscribers"
        return
            "\(kind), MQTT \(version.rawValue), QoS \(qos), \(Self.grouped(topics)) topics, \(payloadBytes) B, \(parties), window \(window)"
    }

    private var rateText: String {
        let reached = "\(Self.grouped(Int(messagesPerSecond.rounded()))) messages/s"
        return rate.map {
            "\(reached) of \(Self.grouped(Int($0.rounded()))) asked for; latencies count from when each was due"
        }
            ?? reached
    }

    private var completion: String { qos == 0 ? "read by the broker" : "acknowledged" }

    private func line(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + value
    }

    /// A whole number with commas between thousands.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// A number with a fixed count of digits behind the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return sign + "\(scaled / scale)." + zeros + fraction
    }
}
