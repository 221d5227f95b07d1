import Testing

@testable import LatchCommands

@Suite struct IntervalsReportTests {
    private static func outcome(_ kind: KillOutcome.Kind, lost: Int = 0, windowMilliseconds: Double = 0) throws
        -> KillOutcome
    {
        KillOutcome(
            kind: kind,
            loadSeconds: 1,
            acknowledged: 1_000,
            lost: lost,
            lossWindowMilliseconds: windowMilliseconds,
            invented: 0,
            recoverySeconds: 0.1,
            load: LoadReport(
                mode: .publish,
                version: .mqtt311,
                qos: 1,
                isRetained: true,
                topics: 10,
                payloadBytes: 200,
                connections: 4,
                subscribers: 0,
                window: 256,
                published: 1_000,
                acknowledged: 1_000,
                delivered: 0,
                undelivered: 0,
                strayAcknowledgements: 0,
                connectionsLost: 4,
                seconds: 1,
                messagesPerSecond: 123_456,
                latencyMilliseconds: .init(p50: 1, p90: 1.5, p99: 2, p999: 3, p9999: 3.5, maximum: 4),
                broker: nil,
                clientMicrosecondsPerMessage: 1
            ),
            latencies: [LatencyQuantile(share: 0, milliseconds: 0.5), LatencyQuantile(share: 1, milliseconds: 4)],
            bytesPrepared: 64 << 20,
            bytesWrittenPerMessage: 345
        )
    }

    private static func report(_ rows: [IntervalsReport.Row]) throws -> IntervalsReport {
        IntervalsReport(
            date: "2026-01-01T00:00:00Z",
            version: "0",
            command: "latch bench intervals <x>",
            machine: try MachineDescription(directory: "/tmp"),
            topics: 10,
            payloadBytes: 200,
            connections: 4,
            window: 256,
            rate: nil,
            seconds: 1,
            seed: 1,
            rows: rows
        )
    }

    private static func row(_ policy: SweepPolicy, killed: Int = 0, cut: Int = 0, windowMilliseconds: Double = 0) throws
        -> IntervalsReport.Row
    {
        IntervalsReport.Row(
            policy: policy.name,
            promisedMilliseconds: policy.promisedMilliseconds,
            isShorterThanInterval: policy == .none,
            killed: try outcome(.killed, lost: killed),
            powerCuts: [
                try outcome(.powerCut),
                try outcome(.powerCut, lost: cut, windowMilliseconds: windowMilliseconds),
            ]
        )
    }

    @Test func keptPromisesAreNotBroken() throws {
        let report = try Self.report([
            Self.row(.always), Self.row(.interval(milliseconds: 10), cut: 5, windowMilliseconds: 12),
            Self.row(.none, cut: 900, windowMilliseconds: 60_000),
        ])
        #expect(report.brokenPromises.isEmpty)
    }

    @Test func everyBrokenPromiseIsNamed() throws {
        let report = try Self.report([
            Self.row(.always, cut: 1, windowMilliseconds: 1),
            Self.row(.interval(milliseconds: 10), killed: 2, cut: 5, windowMilliseconds: 1_200),
            Self.row(.none, killed: 1),
        ])
        #expect(
            report.brokenPromises == [
                "always: a power cut lost 1 messages", "10 ms: a killed process lost 2 messages",
                "10 ms: a power cut lost the last 1,200 ms", "none: a killed process lost 1 messages",
            ]
        )
    }

    @Test func theTableShowsTheWorstPowerCut() throws {
        let cells = try Self.row(.none, cut: 900, windowMilliseconds: 1_234.6).cells
        #expect(
            cells == ["none", "123,456", "1.00", "2.00", "3.00", "4.00", "345", "0", "0", "900", "≥ 1235", "0.10"]
        )
        #expect(cells.count == IntervalsReport.heading.count)
    }

    /// A page that fetches anything says less on a plane, and tells others that it was read.
    @Test func thePageIsSelfContained() throws {
        let page = IntervalsPage(
            report: try Self.report([
                Self.row(.always), Self.row(.interval(milliseconds: 10), cut: 5, windowMilliseconds: 12),
                Self.row(.none, cut: 900, windowMilliseconds: 60_000),
            ])
        ).html
        for link in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            #expect(!page.contains(link), "\(link)")
        }
        #expect(page.contains("latch bench intervals &lt;x&gt; --seed 1"))
        #expect(page.contains("With always, none of 3,000 acknowledged messages was lost in 3 kills"))
        #expect(page.split(separator: "<svg").count == 4)
        #expect(page.contains("<title>10 ms: 5 lost, 12.0 ms</title>"))
    }
}
