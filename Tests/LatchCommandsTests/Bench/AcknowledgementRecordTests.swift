import Testing

@testable import LatchCommands

@Suite struct AcknowledgementRecordTests {
    private func record() -> AcknowledgementRecord {
        AcknowledgementRecord(topics: 4, topicPrefix: "u%d", connections: 2, payloadBytes: 32)
    }

    @Test func whatWasAcknowledgedMustBeThereOrNewer() {
        let record = record()
        record.attempt(topic: 0, sequence: 1, isClear: false)
        record.acknowledge(topic: 0, sequence: 1)
        record.attempt(topic: 0, sequence: 3, isClear: false)
        #expect(record.verdict(topic: 0, sequence: nil) == .lost)
        #expect(record.verdict(topic: 0, sequence: 1) == .kept)
        #expect(record.verdict(topic: 0, sequence: 3) == .kept)
        #expect(record.verdict(topic: 0, sequence: 4) == .invented)
        record.acknowledge(topic: 0, sequence: 3)
        #expect(record.verdict(topic: 0, sequence: 1) == .lost)
    }

    @Test func whatWasNeverAcknowledgedMayBeMissingButNotInvented() {
        let record = record()
        #expect(record.verdict(topic: 1, sequence: nil) == .kept)
        #expect(record.verdict(topic: 1, sequence: 1) == .invented)
        record.attempt(topic: 1, sequence: 1, isClear: false)
        #expect(record.verdict(topic: 1, sequence: nil) == .kept)
        #expect(record.verdict(topic: 1, sequence: 1) == .kept)
    }

    @Test func anAcknowledgedClearStaysCleared() {
        let record = record()
        record.attempt(topic: 2, sequence: 5, isClear: false)
        record.acknowledge(topic: 2, sequence: 5)
        record.attempt(topic: 2, sequence: 6, isClear: true)
        #expect(record.verdict(topic: 2, sequence: nil) == .kept)
        #expect(record.verdict(topic: 2, sequence: 5) == .kept)
        record.acknowledge(topic: 2, sequence: 6)
        #expect(record.verdict(topic: 2, sequence: nil) == .kept)
        #expect(record.verdict(topic: 2, sequence: 5) == .lost)
        record.attempt(topic: 2, sequence: 7, isClear: false)
        record.acknowledge(topic: 2, sequence: 7)
        #expect(record.verdict(topic: 2, sequence: nil) == .lost)
    }

    @Test func aRecordSurvivesItsText() throws {
        let record = record()
        record.attempt(topic: 0, sequence: 9, isClear: false)
        record.acknowledge(topic: 0, sequence: 8)
        record.attempt(topic: 3, sequence: 12, isClear: true)
        let again = try AcknowledgementRecord(text: record.text, path: "r")
        #expect(again.text == record.text)
        #expect(again.nextSequence == 13)
        #expect(again.naming(topic: 3).name(3) == "u1/dev00003/temp")
    }

    @Test(arguments: [
        ("", 1), ("latch-load-record 2\nx\nx\nx", 1),
        ("latch-load-record 1\ntopics 0 connections 1 payload-bytes 16\nprefix p\n-\n", 2),
        ("latch-load-record 1\ntopics 9 connections 1 payload-bytes 16\nfix p\n-\n", 3),
        ("latch-load-record 1\ntopics 9 connections 1 payload-bytes 16\nprefix p\n-\n9 0 1 0\n", 5),
        ("latch-load-record 1\ntopics 9 connections 1 payload-bytes 16\nprefix p\n-\n8 0 1 0\n8 2 1 0\n", 6),
        ("latch-load-record 1\ntopics 9 connections 1 payload-bytes 16\nprefix p\n-\n8 0 1\n", 5),
    ])
    func brokenTextsAreRefusedByLine(text: String, line: Int) {
        #expect {
            try AcknowledgementRecord(text: text, path: "r")
        } throws: { error in
            "\(error)".hasPrefix("r:\(line): ")
        }
    }
}
