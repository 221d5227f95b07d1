/// What `latch bench store` measured.
struct EngineReport: Codable, Equatable, Sendable {
    /// One kind of work.
    struct Row: Codable, Equatable, Sendable {
        var name: String
        var operations: Int
        var seconds: Double
        var operationsPerSecond: Double
        /// Processor time of the whole process per operation.
        var processorMicrosecondsPerOperation: Double
        /// Memory of the process that is neither a file's nor shared, at the end of this work.
        var anonymousBytes: Int
        /// Of what is called at a time: a batch until it is durable, one get, one slice of a scan.
        var latencyMilliseconds: LoadReport.Latency?
    }

    var date: String
    var version: String
    var machine: MachineDescription
    var topics: Int
    var payloadBytes: Int
    var batch: Int
    var threads: Int
    var window: Int
    var policy: String
    var rows: [Row]
}

extension EngineReport {
    /// The report for a person at a terminal.
    var text: String {
        var table = TextTable(heading: [
            "", "operations", "per second", "CPU µs", "p50 ms", "p99", "p99.9", "max", "memory MB",
        ])
        for row in rows {
            func milliseconds(_ value: Double?) -> String { value.map { LoadReport.fixed($0, digits: 3) } ?? "–" }
            table.add([
                row.name,
                LoadReport.grouped(row.operations),
                LoadReport.grouped(Int(row.operationsPerSecond.rounded())),
                LoadReport.fixed(row.processorMicrosecondsPerOperation, digits: 2),
                milliseconds(row.latencyMilliseconds?.p50),
                milliseconds(row.latencyMilliseconds?.p99),
                milliseconds(row.latencyMilliseconds?.p999),
                milliseconds(row.latencyMilliseconds?.maximum),
                LoadReport.fixed(Double(row.anonymousBytes) / 1e6, digits: 1),
            ])
        }
        return """
            \(LoadReport.grouped(topics)) topics, \(payloadBytes) B, \(threads) threads, batches of \(batch), \(window) on the way, \
            persistence_sync \(policy)
            \(machine.text)

            \(table.text)
            """
    }
}
