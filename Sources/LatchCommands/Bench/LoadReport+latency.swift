extension LoadReport.Latency {
    /// The percentiles of a histogram of nanoseconds; `nil` if nothing was recorded.
    init?(_ histogram: LatencyHistogram) {
        guard histogram.count > 0 else { return nil }
        func milliseconds(_ share: Double) -> Double { Double(histogram.percentile(share)) / 1e6 }
        self.init(
            p50: milliseconds(0.5),
            p90: milliseconds(0.9),
            p99: milliseconds(0.99),
            p999: milliseconds(0.999),
            p9999: milliseconds(0.9999),
            maximum: Double(histogram.maximum) / 1e6
        )
    }

    /// The percentiles in a line.
    var text: String {
        [("p50", p50), ("p90", p90), ("p99", p99), ("p99.9", p999), ("p99.99", p9999), ("max", maximum)]
            .map { "\($0) \(LoadReport.fixed($1, digits: 3)) ms" }.joined(separator: ", ")
    }
}
