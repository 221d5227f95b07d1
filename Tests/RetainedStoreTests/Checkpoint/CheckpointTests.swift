import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct CheckpointTests {
    @Test("Write-ahead: under every policy the journal is synced before anything is moved")
    func writeAhead() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        try fixture.open().close()
        let disk = FaultyDisk()
        let synced = Collected<Int>()
        let store = try fixture.open(disk: disk) { moment in
            if moment == .lastChunkCommitted { synced.append(disk.count(.sync)) }
        }
        let before = disk.count(.sync)
        try store.makeWriter().set("t", "1")
        try store.checkpoint()
        #expect(synced.all == [before + 1])
    }

    @Test("D2: when the journal can not be synced, nothing is moved")
    func syncFails() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        try store.makeWriter().set("t", "1")
        disk.refuse(.sync, EIO)
        #expect(throws: StoreError.self) { try store.checkpoint() }
        #expect(store.statistics.indexCount == 0)
        #expect(store.statistics.appliedLSN == 0)
    }

    @Test("D3: a full index refuses writes, keeps everything readable, and recovers when there is space")
    func fullIndex() throws {
        let fixture = try StoreFixture()
        fixture.limits.mapBytes = 1 << 20
        fixture.limits.segmentBytes = 1 << 20
        fixture.limits.checkpointEntries = 200
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let payload = String(repeating: "m", count: 3_000)
        var refusal: StoreError?
        var count = 0
        while refusal == nil, count < 2_000 {
            do {
                try writer.set("t/\(count)", payload)
                count += 1
            } catch {
                refusal = error as? StoreError
            }
        }
        #expect(refusal == .full(.index))
        #expect(store.statistics.health == .full(.index))
        #expect(try store.makeReader().scan("#").count == count)
        try store.close()
        // With more room everything goes on where it was.
        fixture.limits.mapBytes = 1 << 30
        let again = try fixture.open()
        #expect(try again.makeReader().scan("#").count == count)
        try again.checkpoint()
        #expect(again.statistics.indexCount == UInt64(count))
        #expect(again.statistics.health == .healthy)
    }

    @Test("Segments that the index has made unnecessary are recycled, and their old groups never look alive")
    func recycling() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        var model = StoreModel()
        // Groups of one message of one length: behind the end of the history an old group begins at the very next byte.
        let filler = String(repeating: "r", count: 400)
        func write(_ topic: Int, _ round: Int) throws {
            let payload = filler + String(100 + round)
            store.waitUntilDurable(try writer.set("t/\(topic)", payload))
            model.apply("t/\(topic)", payload)
        }
        for round in 0..<12 {
            for number in 0..<100 { try write(number, round) }
            try store.checkpoint()
            #expect(store.statistics.segmentCount <= 2)
            for number in 0..<5 { try write(number, 50 + round) }
            try fixture.copy(to: "killed-\(round)")
            let killed = try fixture.open("killed-\(round)")
            #expect(killed.openReport.lastLSN == store.durableLSN)
            let isEqual = try killed.makeReader().scan("#") == model.retained
            #expect(isEqual, "round \(round)")
            try killed.close()
        }
        try store.close()
        // The files that there are were used again and again.
        #expect(try fixture.segmentPaths().last?.hasSuffix("00000000000000000001.journal") == false)
        #expect(try PosixDisk().names(in: fixture.path() + "/journal").count < 40)
    }

    @Test("D4: opening replays what the index does not have, however much is retained")
    func openingCost() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for start in stride(from: 0, to: 20_000, by: 500) {
            try writer.commit((start..<start + 500).map { ("t/\($0)", "\($0)") })
        }
        try store.checkpoint()
        try writer.set("t/last", "1")
        try store.close()
        let again = try fixture.open()
        #expect(again.openReport.replayedCount == 1)
        // The whole journal is a segment or two: nothing that grows with what is retained is read.
        #expect(again.openReport.segmentCount <= 3)
        #expect(again.overlays.count == 1)
        #expect(again.statistics.indexCount == 20_000)
    }

    @Test("A reader in the middle of a batch keeps its segments, whatever checkpoints do meanwhile")
    func pinned() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<100 { try writer.set("t/\(number)", "value \(number)") }
        let reader = try store.makeReader()
        var scan = Array("#".utf8).withUnsafeBytes { RetainedScan(filter: $0, upToVersion: 100) }
        var found: [String: String] = [:]
        var limits = ScanLimits()
        limits.recordsMax = 1_000
        let isFinished = try reader.nextBatch(of: &scan, limits: limits, nowSeconds: 1) { view in
            found[String(decoding: view.topic, as: UTF8.self)] = String(decoding: view.payload, as: UTF8.self)
            guard found.count == 1 else { return }
            // Within the batch: two checkpoints, and enough writing to use every recycled segment.
            for round in 0..<2 {
                for number in 0..<100 {
                    _ = try? writer.set("t/\(number)", "\(round)" + String(repeating: "w", count: 500))
                }
                try? store.checkpoint()
            }
        }
        #expect(isFinished)
        // What the batch had taken hold of is what it hands out, each either at its old value or not at all.
        #expect(found.allSatisfy { topic, payload in payload == "value " + topic.dropFirst(2) })
        #expect(found.count >= 1)
    }
}
