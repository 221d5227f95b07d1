/// What a sweep over sync policies measured.
struct IntervalsReport: Codable, Equatable, Sendable {
    /// What one policy costs and loses.
    struct Row: Codable, Equatable, Sendable {
        /// `always`, `10 ms`, `none` and the like.
        var policy: String
        /// The longest time for which an acknowledged message may be missing from the disk; `nil`: no promise.
        var promisedMilliseconds: Int?
        /// The load before a kill was shorter than the interval, so that a power cut loses all of it.
        var isShorterThanInterval: Bool
        /// The run that ended with `SIGKILL`: rate, latency and cost are this one's.
        var killed: KillOutcome
        var powerCuts: [KillOutcome]
    }

    /// When it began, UTC (ISO 8601).
    var date: String
    var version: String
    /// The command that measured it.
    var command: String
    var machine: MachineDescription
    var topics: Int
    var payloadBytes: Int
    var connections: Int
    var window: Int
    /// Messages per second that were due; `nil`: as fast as windows allow.
    var rate: Double?
    var seconds: Double
    var seed: UInt64
    var rows: [Row]
}

extension IntervalsReport.Row {
    var publishesPerSecond: Double { killed.load.messagesPerSecond }

    /// The power cut that went furthest back.
    var worstPowerCut: KillOutcome? { powerCuts.max { $0.lossWindowMilliseconds < $1.lossWindowMilliseconds } }

    var recoverySecondsMax: Double { powerCuts.reduce(killed.recoverySeconds) { max($0, $1.recoverySeconds) } }

    var kills: [KillOutcome] { [killed] + powerCuts }
}

extension IntervalsReport {
    /// What an interval may be exceeded by, for the sync that ends it takes its time on a slow or busy disk.
    private static let graceMilliseconds = 1_000

    /// The promises that were not kept, as sentences.
    var brokenPromises: [String] {
        rows.flatMap { row in row.kills.flatMap { Self.brokenPromises(row, $0) } }
    }

    private static func brokenPromises(_ row: Row, _ kill: KillOutcome) -> [String] {
        var sentences: [String] = []
        if kill.invented > 0 {
            sentences.append("\(row.policy): \(kill.invented) topics held what was never sent to them")
        }
        switch kill.kind {
        case .killed:
            if kill.lost > 0 { sentences.append("\(row.policy): a killed process lost \(kill.lost) messages") }
        case .powerCut:
            guard let promised = row.promisedMilliseconds else { break }
            if promised == 0, kill.lost > 0 {
                sentences.append("\(row.policy): a power cut lost \(kill.lost) messages")
            } else if kill.lossWindowMilliseconds > Double(promised + graceMilliseconds) {
                let window = LoadReport.grouped(Int(kill.lossWindowMilliseconds))
                sentences.append("\(row.policy): a power cut lost the last \(window) ms")
            }
        }
        return sentences
    }
}
