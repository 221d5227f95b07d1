import Synchronization
import Testing

@testable import RetainedStore

@Suite struct JournalOrderTests {
    @Test("Journal order, version order and live order are one, whoever writes")
    func oneOrder() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        // Live order: what `ordered` saw, in the order in which it saw it.
        let live = Collected<(version: UInt64, topic: String)>()
        try inParallel(
            (0..<4).map { number in
                {
                    do {
                        let writer = try store.makeWriter()
                        var random = SeededGenerator(seed: Seed.value &+ UInt64(number))
                        for round in 0..<200 {
                            let count = Int.random(in: 1...20, using: &random)
                            let batch = (0..<count).map { item in
                                (
                                    topic: "t/\(Int.random(in: 0..<50, using: &random))",
                                    payload: "\(number).\(round).\(item)"
                                )
                            }
                            try writer.commit(batch.map { ($0.topic, $0.payload) }) { first in
                                live.append(
                                    contentsOf: batch.enumerated().map {
                                        (first + UInt64($0), $1.topic + "=" + $1.payload)
                                    }
                                )
                            }
                        }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        )
        try store.close()
        let versions = live.all.map(\.version)
        let isContiguous = versions == Array(1...UInt64(versions.count))
        #expect(isContiguous)
        let (records, report) = try fixture.replay()
        let isSameOrder = records.map(\.version) == versions
        #expect(isSameOrder)
        let isSameContent = records.map { $0.topic + "=" + ($0.payload ?? "") } == live.all.map(\.topic)
        #expect(isSameContent)
        #expect(report.tornBytes == 0)
    }

    @Test("A batch larger than a group, and one larger than a segment, are kept whole", arguments: [100_000, 700_000])
    func largeBatch(bytes: Int) throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let payload = String(repeating: "x", count: bytes)
        try writer.set("small", "1")
        let lsn = try writer.commit([("large", payload), ("large/other", "2")])
        try writer.set("small", "3")
        store.waitUntilDurable(lsn)
        #expect(try store.makeReader().get("large") == payload)
        try store.close()
        let again = try fixture.open()
        let reader = try again.makeReader()
        #expect(try reader.get("large") == payload)
        #expect(try reader.get("large/other") == "2")
        #expect(try reader.get("small") == "3")
        try again.checkpoint()
        #expect(try reader.get("large") == payload)
    }

    @Test("Large batches get their turn among small ones")
    func largeAmongSmall() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let isOver = Atomic<Bool>(false)
        let small: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                var count = 0
                while !isOver.load(ordering: .relaxed) {
                    try writer.set("small", "\(count)")
                    count += 1
                }
            } catch {
                Issue.record(error)
            }
        }
        let large: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                let payload = String(repeating: "y", count: 50_000)
                for _ in 0..<20 { try writer.set("large", payload) }
            } catch {
                Issue.record(error)
            }
            isOver.store(true, ordering: .relaxed)
        }
        try inParallel([small, large, small])
        #expect(try store.makeReader().get("large")?.utf8.count == 50_000)
    }

    @Test("A message larger than a segment may come when the next segment has been chosen and nothing is in it")
    func largeAtSegmentBeginning() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let count = try fixture.fillSegment(store, writer)
        let payload = String(repeating: "y", count: 50_000)
        store.waitUntilDurable(try writer.set("large", payload))
        // What had been chosen serves later.
        store.waitUntilDurable(try writer.set("t/1", "again"))
        try store.close()
        let again = try fixture.open()
        #expect(again.openReport.lastLSN == UInt64(count) + 2)
        #expect(try again.makeReader().get("large") == payload)
        #expect(try again.makeReader().get("t/1") == "again")
    }

    @Test("An empty commit orders nothing")
    func emptyCommit() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        var calls = 0
        _ = try writer.commit { _ in calls += 1 }
        #expect(calls == 0)
        #expect(store.withOrder { $0 } == 0)
    }
}
