import Synchronization
import Testing

@testable import RetainedStore

/// B1: whatever writers and readers do, the engine's memory and its journal stay within the limits that it was given; at
/// a limit writers wait, and nothing is dropped.
@Suite struct BoundsTests {
    /// The most that was seen, each under the order lock.
    private struct Peaks {
        var overlayEntries = 0
        var groupBytes = 0
        var journalBytes = 0

        mutating func look(at store: RetainedStore) {
            let journal = store.journal
            let groups = journal.freeBuffers + [journal.openGroup, journal.writingGroup].compactMap { $0 }
            overlayEntries = max(overlayEntries, store.overlays.count)
            groupBytes = max(groupBytes, groups.reduce(0) { $0 + $1.memory.count })
            let segments = journal.table.segments + journal.retired
            journalBytes = max(journalBytes, segments.reduce(0) { $0 + $1.bytes })
        }
    }

    @Test("overlays, groups and the journal keep their limits under writers that are faster than the index")
    func writers() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        fixture.limits.overlayEntriesMax = 2_000
        fixture.limits.checkpointEntries = 600
        fixture.limits.groupBytesMax = 16 << 10
        fixture.limits.segmentBytes = 64 << 10
        fixture.limits.journalBytesMax = 1 << 20
        fixture.limits.checkpointJournalBytes = 256 << 10
        fixture.limits.dirtyPagesMax = 4
        let store = try fixture.open()
        let peaks = Mutex(Peaks())
        let failures = Collected<String>()
        let limits = fixture.limits
        let (writers, rounds, batch) = (4, 150, 20)
        try inParallel(
            (0..<writers).map { thread in
                { @Sendable in
                    do {
                        let writer = try store.makeWriter()
                        let reader = try store.makeReader()
                        for round in 0..<rounds {
                            // The closure runs under the order lock.
                            try writer.commit((0..<batch).map { ("\(thread)/\(round)/\($0)", "\(round)") }) { _ in
                                peaks.withLock { $0.look(at: store) }
                            }
                            if round % 50 == 0 { _ = try reader.scan("\(thread)/\(round)/+") }
                        }
                    } catch {
                        failures.append("\(error)")
                    }
                }
            }
        )
        #expect(failures.all == [])
        let seen = peaks.withLock { $0 }
        #expect(seen.overlayEntries <= limits.overlayEntriesMax && seen.overlayEntries > 600)
        // One that is filled, one that is written, and one for each reader that looks into an older one.
        #expect(seen.groupBytes <= (2 + writers) * limits.groupBytesMax)
        #expect(seen.journalBytes <= limits.journalBytesMax + 2 * limits.segmentBytes)
        try store.checkpoint()
        #expect(store.statistics.indexCount == UInt64(writers * rounds * batch))
        #expect(try store.makeReader().scan("#").count == writers * rounds * batch)
    }

    @Test("key schedules are at hand for a bounded number of keys, however many namespaces a writer serves")
    func keySchedules() throws {
        let envelopes = try Envelopes()
        var cache = XAESKeyScheduleCache()
        var ids: [DataKeyID] = []
        for namespace in 0..<2_000 {
            let key = try envelopes.keyring.key(forNamespace: NamespaceToken(namespace))
            ids.append(key.id)
            _ = try cache.schedule(for: key)
        }
        let kept = ids.count { cache.schedule(id: $0) != nil }
        #expect(kept <= XAESKeyScheduleCache.schedulesMax && kept > XAESKeyScheduleCache.schedulesMax / 2)
    }

    @Test("a slice of a scan hands out no more than its limits, and passes over no more keys")
    func scans() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.commit((0..<300).map { ("t/\($0)/x", String(repeating: "p", count: 100)) })
        try store.checkpoint()
        try writer.commit((0..<300).map { ("t/\($0)/y", String(repeating: "q", count: 100)) })
        let reader = try store.makeReader()
        for filter in ["#", "t/+/x", "t/+/y", "+/+/none"] {
            for (records, bytes) in [(10, 1 << 20), (1_000, 1_000)] {
                var limits = ScanLimits()
                limits.recordsMax = records
                limits.bytesMax = bytes
                limits.seeksMax = 50
                var scan = Array(filter.utf8).withUnsafeBytes { RetainedScan(filter: $0, upToVersion: .max) }
                var isFinished = false
                var slices = 0
                while !isFinished {
                    var handed = (records: 0, bytes: 0)
                    isFinished = try reader.nextBatch(of: &scan, limits: limits, nowSeconds: 1) { view in
                        handed.records += 1
                        handed.bytes += view.topic.count + view.payload.count
                    }
                    slices += 1
                    #expect(handed.records <= records)
                    // The message that passes the limit is still handed out.
                    #expect(handed.bytes < bytes + 200)
                }
                // Six hundred keys are not looked at in one slice of fifty.
                #expect(slices > 5, "\(filter)")
            }
        }
    }
}
