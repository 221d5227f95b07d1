import Testing

@testable import LatchCommands
@testable import RetainedStore

/// What a person and a program read about a store.
@Suite struct StoreReportTests {
    private var verification: VerificationReport {
        var report = VerificationReport()
        report.hadKey = true
        report.segmentCount = 2
        report.journalRecordCount = 1_234
        report.indexRecordCount = 1
        report.setCount = 1_000_000
        report.expiredCount = 2
        report.clearedCount = 3
        report.seconds = 1.5
        return report
    }

    private var recovery: RecoveryReport {
        var opening = OpenReport()
        opening.segmentCount = 1
        opening.recordCount = 1_234
        opening.replayedCount = 1_000
        opening.tornBytes = 4_096
        return RecoveryReport(opening: opening, verification: verification, seconds: 2)
    }

    @Test func recovering() {
        #expect(
            StoreReport(recovery, store: "/s", key: "/k").text == """
                store       /s
                key         /k
                journal     1 segment, 1,234 records, 1,000 replayed that the index did not have
                torn tail   4,096 bytes that had not become durable and were never acknowledged, dropped
                index       1 record
                retained    1,000,000 set, 2 expired, 3 cleared and not swept yet
                damage      none
                time        2.000 s
                """
        )
    }

    @Test func verifyingWithoutTheKeySaysWhatIsNotKnown() {
        var report = verification
        report.hadKey = false
        let text = StoreReport(report, store: "/s", key: nil).text
        #expect(text.contains("structure and checksums only"))
        #expect(!text.contains("retained") && !text.contains("replayed"))
    }

    @Test func theJSONHasTheSameFigures() {
        let text = ReportJSON.text(StoreReport(recovery, store: "/s", key: "/k"))
        for line in [
            #""store" : "/s""#, #""replayedRecords" : 1000"#, #""tornBytes" : 4096"#, #""retainedSet" : 1000000"#,
            #""damagedPlaces" : 0"#, #""endedCleanly" : false"#,
        ] {
            #expect(text.contains(line), "\(line)\n\(text)")
        }
    }

    @Test(arguments: [
        (0, 4, "[..............................] 0 % of 4 segments of the journal"),
        (2, 4, "[###############...............] 50 % of 4 segments of the journal"),
        (4, 4, "[##############################] 100 % of 4 segments of the journal"),
        (9, 4, "[##############################] 100 % of 4 segments of the journal"),
        (0, 0, "[..............................] 0 % of 0 segments of the journal"),
    ])
    func theBarFillsUp(done: UInt64, total: UInt64, text: String) {
        #expect(ProgressLine.text(VerificationProgress(part: .journal, doneCount: done, totalCount: total)) == text)
    }
}
