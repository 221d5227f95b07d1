/// A sweep's report as one page for a colleague: what it says, plots, the table, and how it was measured.
struct IntervalsPage {
    let report: IntervalsReport

    private static let throughputColor = "#2f7ed8"
    private static let killedColor = "#1a9e5c"
    private static let powerCutColor = "#d9480f"
    private static let promiseColor = "#8b95a5"
    /// From the safest to the fastest, told apart by those who see red and green alike.
    private static let policyColors = [
        "#0b3c5d", "#1f6f9f", "#2aa0a8", "#4fbf7f", "#a3c644", "#e3b23c", "#e07b39", "#b23a48",
    ]
    /// Where a loss of nothing is drawn on a logarithmic axis.
    private static let nothingMilliseconds = 0.1

    var html: String {
        HTML.page(
            title: "What persistence_sync costs and loses",
            body: """
                <h1>What <code style="font-size:inherit">persistence_sync</code> costs, and what it loses</h1>
                <p class="soft">Latch \(HTML.escaped(report.version)), \(report.date), \(HTML.escaped(report.machine.text))</p>
                <p class="lead">\(HTML.escaped(summary))</p>
                <h2>Acknowledged publishes per second</h2>
                <p class="soft">\(HTML.escaped(load))</p>
                <figure>\(throughput.svg)</figure>
                <h2>What is lost</h2>
                <p class="soft">Each kill: how long before it the oldest lost message had been acknowledged. At the bottom: nothing lost.</p>
                <figure>\(losses.svg)</figure>
                <h2>Time until a publish is acknowledged</h2>
                <p class="soft">The further to the right, the rarer: at 99.9 % one publish in a thousand waited longer.</p>
                <figure>\(latency.svg)</figure>
                <h2>Figures</h2>
                <div class="scroll">\(table)</div>
                \(report.notes.map { "<p class=\"soft\">\(HTML.escaped($0))</p>" }.joined(separator: "\n"))
                <h2>How this was measured</h2>
                <p>For every policy and every kill: a broker process of its own on a fresh store, every topic set once, a clean
                restart, then the load over TCP on this machine. At a random moment the process gets <code>SIGKILL</code>. It is
                started again and asked for all retained messages; each carries its number, so that what was acknowledged and is
                gone can be counted, message by message. For a power cut the broker keeps journal writes in its own memory until
                they are synced, so that the kill takes them along; everything else is the same.</p>
                <p class="soft"><code>\(HTML.escaped(report.command)) --seed \(report.seed)</code></p>
                """
        )
    }

    private var load: String {
        "\(LoadReport.grouped(report.topics)) topics, payload \(report.payloadBytes) B, \(report.connections) connections with up to "
            + "\(report.window) unacknowledged messages each, QoS 1, retained, sealed\(report.rateText). Higher is better."
    }

    /// What the figures say, in sentences.
    var summary: String {
        var sentences: [String] = []
        let kills = report.rows.flatMap(\.kills)
        let safe = report.rows.filter { $0.promisedMilliseconds == 0 }
        if let row = safe.first, let sum = sum(of: row.kills.map(\.acknowledged)) {
            let lost = row.kills.reduce(0) { $0 + $1.lost }
            sentences.append(
                "With always, \(lost == 0 ? "none" : LoadReport.grouped(lost)) of \(sum) acknowledged messages \(lost == 0 ? "was" : "were") lost in "
                    + "\(row.kills.count) kills, at \(LoadReport.grouped(Int(row.publishesPerSecond))) publishes a second."
            )
            let fastest = report.rows.max { $0.publishesPerSecond < $1.publishesPerSecond }
            if let fastest, fastest.policy != row.policy, row.publishesPerSecond > 0 {
                let ratio = LoadReport.fixed(fastest.publishesPerSecond / row.publishesPerSecond, digits: 2)
                let window =
                    fastest.worstPowerCut.map { LoadReport.grouped(Int($0.lossWindowMilliseconds.rounded(.up))) } ?? "0"
                sentences.append(
                    "The fastest policy, \(fastest.policy), reached \(ratio) times that, and a power cut took the last \(window) ms."
                )
            }
        }
        let killed = kills.filter { $0.kind == .killed }.reduce(0) { $0 + $1.lost }
        if killed == 0 { sentences.append("A killed process lost nothing under any policy.") }
        sentences += report.brokenPromises.map { "BROKEN PROMISE: \($0)." }
        return sentences.joined(separator: " ")
    }

    private func sum(of counts: [Int]) -> String? {
        counts.isEmpty ? nil : LoadReport.grouped(counts.reduce(0, +))
    }

    private var policies: PlotAxis {
        .categories(report.rows.map(\.policy), title: "persistence_sync, the safest first")
    }

    private var throughput: Plot {
        let points = report.rows.enumerated().map { index, row in
            let rate = row.publishesPerSecond
            return PlotSeries.Point(
                x: Double(index),
                y: rate,
                label: "\(row.policy): \(LoadReport.grouped(Int(rate.rounded())))/s"
            )
        }
        return Plot(
            title: "Publishes per second by policy",
            x: policies,
            y: .linear(to: points.map(\.y).max() ?? 1, title: "publishes per second"),
            series: [
                PlotSeries(
                    name: "acknowledged publishes/s",
                    shape: .columns,
                    color: Self.throughputColor,
                    points: points
                )
            ]
        )
    }

    private var losses: Plot {
        func points(_ kind: KillOutcome.Kind, shift: Double) -> [PlotSeries.Point] {
            report.rows.enumerated().flatMap { index, row in
                row.kills.filter { $0.kind == kind }.map { kill in
                    PlotSeries.Point(
                        x: Double(index) + shift,
                        y: max(Self.nothingMilliseconds, kill.lossWindowMilliseconds),
                        label: "\(row.policy): \(LoadReport.grouped(kill.lost)) lost, "
                            + "\(LoadReport.fixed(kill.lossWindowMilliseconds, digits: 1)) ms"
                    )
                }
            }
        }
        let promises = report.rows.enumerated().compactMap { index, row in
            row.promisedMilliseconds.map { promised in
                PlotSeries.Point(
                    x: Double(index),
                    y: max(Self.nothingMilliseconds, Double(promised)),
                    label: "\(row.policy): at most \(LoadReport.grouped(promised)) ms"
                )
            }
        }
        let killed = points(.killed, shift: -0.12)
        let powerCuts = points(.powerCut, shift: 0.12)
        let top = (killed + powerCuts + promises).map(\.y).max() ?? 1
        var axis = PlotAxis.logarithmic(
            Self.nothingMilliseconds...top,
            title: "loss window",
            label: PlotAxis.duration
        )
        axis.ticks[0].label = "none"
        return Plot(
            title: "Loss window by policy",
            x: policies,
            y: axis,
            series: [
                PlotSeries(name: "promised at most", shape: .limits, color: Self.promiseColor, points: promises),
                PlotSeries(name: "power cut", shape: .marks, color: Self.powerCutColor, points: powerCuts),
                PlotSeries(name: "killed process", shape: .marks, color: Self.killedColor, points: killed),
            ]
        )
    }

    private var latency: Plot {
        let all = report.rows.flatMap(\.killed.latencies).map(\.milliseconds).filter { $0 > 0 }
        let range = (all.min() ?? 0.1)...max(all.max() ?? 1, (all.min() ?? 0.1) * 1.01)
        let series = report.rows.enumerated().map { index, row in
            PlotSeries(
                name: row.policy,
                shape: .line,
                color: Self.policyColors[index % Self.policyColors.count],
                points: row.killed.latencies.map {
                    PlotSeries.Point(x: $0.share, y: $0.milliseconds, label: row.policy)
                }
            )
        }
        return Plot(
            title: "Distribution of the time until a publish is acknowledged",
            x: .nines(5, title: "share of publishes"),
            y: .logarithmic(range, title: "acknowledged within", label: PlotAxis.duration),
            series: series
        )
    }

    private var table: String {
        let heading = IntervalsReport.heading.map { "<th>\(HTML.escaped($0))</th>" }.joined()
        let rows = report.rows.map { row in
            let isKept = row.kills.allSatisfy { $0.lost == 0 }
            let cells = row.cells.enumerated().map { index, cell in
                let isLoss = (7...10).contains(index)
                let name = isLoss ? (cell == "0" ? " class=\"good\"" : " class=\"bad\"") : ""
                return index == 0 && isKept
                    ? "<td class=\"good\">\(HTML.escaped(cell))</td>" : "<td\(name)>\(HTML.escaped(cell))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return "<table><thead><tr>\(heading)</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table>"
    }
}
