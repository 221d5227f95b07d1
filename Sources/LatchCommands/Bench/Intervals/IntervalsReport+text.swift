extension IntervalsReport {
    /// The report for a person at a terminal.
    var text: String {
        var table = TextTable(heading: Self.heading)
        for row in rows { table.add(row.cells) }
        return """
            \(LoadReport.grouped(topics)) topics, \(payloadBytes) B, \(connections) connections with \(window) unacknowledged \
            messages each, QoS 1, retained\(rateText); \(LoadReport.fixed(seconds, digits: 1)) s of load before each kill, seed \(seed)
            \(machine.text)

            \(table.text)

            \(notes.joined(separator: "\n"))
            """
    }

    /// How fast messages were due, if that was asked for.
    var rateText: String {
        rate.map { ", \(LoadReport.grouped(Int($0.rounded()))) messages/s due" } ?? ""
    }

    static let heading = [
        "persistence_sync", "publishes/s", "PUBACK p50 ms", "p99", "p99.9", "max", "B written/publish",
        "killed: lost", "window ms", "power cut: lost", "window ms", "recovery s",
    ]

    /// What the table's words mean, for those who were not there.
    var notes: [String] {
        var notes = [
            "killed: SIGKILL under load. Messages are in the kernel's page cache by then, so no policy loses any.",
            "power cut: SIGKILL under load with unsynced journal writes held in the process's memory: the most that a power "
                + "cut can take. The worst of \(rows.first?.powerCuts.count ?? 0); window: age of the oldest lost acknowledgement.",
            "recovery: from starting the process again to its first acknowledged publish, the slowest of all kills.",
        ]
        if let prepared = rows.map(\.killed.bytesPrepared).max(), prepared > 0 {
            notes.append(
                "B written/publish: without the zeros that new journal segments are filled with, once in their life: "
                    + "\(LoadReport.grouped(prepared >> 20)) MiB here. Every sync writes whole blocks of 4 KiB, however few messages "
                    + "it is for."
            )
        }
        let short = rows.filter(\.isShorterThanInterval).map(\.policy)
        if !short.isEmpty {
            notes.append(
                "≥ (\(short.joined(separator: ", "))): the load was shorter than the interval. Meanwhile only full journal segments and "
                    + "checkpoints were synced, which a heavy load brings about often; under a lighter one (--rate) and a longer "
                    + "one (--duration) more time is lost, up to the interval."
            )
        }
        return notes
    }
}

extension IntervalsReport.Row {
    /// The row's cells, as ``IntervalsReport/heading`` names them.
    var cells: [String] {
        let latency = killed.load.latencyMilliseconds
        func milliseconds(_ value: Double?) -> String { value.map { LoadReport.fixed($0, digits: 2) } ?? "–" }
        func window(_ outcome: KillOutcome?) -> String {
            guard let outcome, outcome.lost > 0 else { return "0" }
            let text = LoadReport.fixed(
                outcome.lossWindowMilliseconds,
                digits: outcome.lossWindowMilliseconds < 10 ? 1 : 0
            )
            return outcome.kind == .powerCut && isShorterThanInterval ? "≥ " + text : text
        }
        return [
            policy,
            LoadReport.grouped(Int(publishesPerSecond.rounded())),
            milliseconds(latency?.p50),
            milliseconds(latency?.p99),
            milliseconds(latency?.p999),
            milliseconds(latency?.maximum),
            LoadReport.grouped(Int(killed.bytesWrittenPerMessage.rounded())),
            LoadReport.grouped(killed.lost),
            window(killed),
            LoadReport.grouped(worstPowerCut?.lost ?? 0),
            window(worstPowerCut),
            LoadReport.fixed(recoverySecondsMax, digits: 2),
        ]
    }
}
