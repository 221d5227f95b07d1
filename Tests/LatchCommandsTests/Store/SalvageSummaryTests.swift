import Testing

@testable import LatchCommands
@testable import RetainedStore

/// What a person, a program and a log read about a salvage.
@Suite struct SalvageSummaryTests {
    private var report: SalvageReport {
        var report = SalvageReport()
        report.quarantinePath = "/s/quarantine/1-0.quarantine"
        report.keptCount = 7
        report.indexStatedCount = 10
        report.indexReadCount = 9
        report.indexQuarantinedCount = 2
        report.journalQuarantinedCount = 1
        report.journalMissingCount = 4
        report.segmentCount = 1
        report.journalRecordCount = 20
        report.add(Damage(file: "/s/index/data.mdb", offset: 4_096, field: "page flags", expected: "2", found: "3"))
        for outcome in [UnsavedRecord.Outcome.lost, .olderKept(version: 3), .newerKept(version: 9)] {
            report.add(
                UnsavedRecord(
                    region: .journal,
                    damage: Damage(
                        file: "/s/j",
                        offset: 8,
                        field: "envelope",
                        expected: "its own tag",
                        found: "another"
                    ),
                    version: 5,
                    dataKeyID: "abcd",
                    topic: "house/door",
                    outcome: outcome
                )
            )
        }
        return report
    }

    @Test func aPersonReadsWhereWhatAndWhatBecameOfIt() {
        #expect(
            SalvageSummary(report).text == """
                salvaged    7 records kept
                index       10 stated, 9 found (0 off the tree), 2 quarantined, 1 of which nothing was found
                journal     1 segment, 20 records, 0 more kept that open, 1 quarantined, 4 of which nothing was found
                damage      1 place
                  /s/index/data.mdb at offset 4096: page flags should be 2, found 3
                quarantine  /s/quarantine/1-0.quarantine
                unsaved     3 records found and not kept: 1 lost, 1 with an older version kept, 1 with a newer version kept, \
                0 whose topic nobody knows
                  journal: /s/j at offset 8: envelope should be its own tag, found another; lost; topic house/door; version 5; \
                data key abcd
                  journal: /s/j at offset 8: envelope should be its own tag, found another; older version kept (3); \
                topic house/door; version 5; data key abcd
                  journal: /s/j at offset 8: envelope should be its own tag, found another; newer version kept (9); \
                topic house/door; version 5; data key abcd
                """
        )
    }

    @Test func aLogGetsCountsAndThePathAndNoTopic() {
        let line = SalvageSummary(report).line
        #expect(
            line == """
                7 records kept, 3 found and not kept (1 lost, 1 with an older version kept), 5 of which nothing was found; \
                quarantine: /s/quarantine/1-0.quarantine
                """
        )
    }

    @Test func aProgramGetsTheSameFigures() {
        let text = ReportJSON.text(SalvageSummary(report))
        for line in [
            #""indexMissing" : 1"#, #""journalMissing" : 4"#, #""lost" : 1"#, #""olderVersionKept" : 1"#,
            #""outcome" : "older version kept""#, #""keptVersion" : 3"#, #""topic" : "house/door""#,
        ] {
            #expect(text.contains(line), "\(line)\n\(text)")
        }
    }
}
