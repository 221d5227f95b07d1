import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct RetainedCounterTests {
    private func count(_ store: RetainedStore) throws -> Int { Int(try store.countRetained().count) }

    @Test("Sets, replacements, clears and clears of nothing, before and after checkpoints and restarts")
    func counts() throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        #expect(try store.countRetained() == RetainedTotals())
        var writer = try store.makeWriter()
        try writer.commit((0..<100).map { ("t/\($0)", "1") } + [("$own/x", "1")])
        #expect(try count(store) == 101)
        try writer.commit([("t/1", "2"), ("t/2", nil), ("none", nil)])
        #expect(try count(store) == 100)
        try store.checkpoint()
        #expect(try count(store) == 100)
        #expect(try store.countRetained().bytes == store.statistics.indexBytes)
        // Replaced, cleared, cleared and set again; new, and new and cleared.
        try writer.commit([
            ("t/1", "3"), ("t/3", nil), ("t/4", nil), ("t/4", "4"), ("n/1", "1"), ("n/2", "1"), ("n/2", nil),
        ])
        #expect(try count(store) == 100)
        let bytes = try store.countRetained().bytes
        // A key that was looked up changes once more.
        try writer.commit([("t/3", "5"), ("n/1", nil)])
        #expect(try count(store) == 100)
        try writer.commit([("t/3", nil), ("n/1", "1")])
        #expect(try store.countRetained().bytes == bytes)
        try store.close()
        store = try fixture.open()
        #expect(try count(store) == 100)
        try store.checkpoint()
        #expect(try count(store) == 100)
        #expect(try store.countRetained().bytes == bytes)
        #expect(store.statistics.indexBytes == bytes)
        writer = try store.makeWriter()
        try writer.clear("t/1")
        #expect(try count(store) == 99)
    }

    @Test("What a pass removes from the index is not counted, also where the overlay has a newer message")
    func removed() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.commit((0..<20).map { ("alice/\($0)", "1") })
        try store.checkpoint()
        try writer.set("alice/1", "2")
        #expect(try count(store) == 20)
        let pass = try IndexPass(store, purpose: .sweep, afterLSN: 0, isPaced: false) { _, _ in .remove }
        store.order.withLock { store.checkpointer.add(pass) }
        try store.checkpointer.wait(for: pass, store)
        #expect(try count(store) == 1)
        #expect(try store.makeReader().scan("#").count == 1)
    }

    @Test("While a checkpoint is under way it is what was counted before")
    func duringCheckpoint() throws {
        let fixture = try StoreFixture()
        let counts = Collected<Int>()
        let cell = Mutex<RetainedStore?>(nil)
        let store = try fixture.open { moment in
            guard moment == .lastChunkCommitted, let store = cell.withLock({ $0 }) else { return }
            counts.append((try? Int(store.countRetained().count)) ?? -1)
        }
        cell.withLock { $0 = store }
        let writer = try store.makeWriter()
        try writer.commit((0..<10).map { ("t/\($0)", "1") })
        #expect(try count(store) == 10)
        try store.checkpoint()
        #expect(counts.all == [10])
        cell.withLock { $0 = nil }
    }

    @Test("Random changes, counted now and then, against a model", arguments: 0..<3)
    func model(number: Int) throws {
        let fixture = try StoreFixture()
        fixture.limits.checkpointEntries = 60
        let store = try fixture.open()
        let writer = try store.makeWriter()
        var random = SeededGenerator(seed: Seed.value &+ UInt64(number))
        var topics: Set<Int> = []
        for _ in 0..<400 {
            let topic = Int.random(in: 0..<200, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                try writer.clear("t/\(topic)")
                topics.remove(topic)
            } else {
                try writer.set("t/\(topic)", "x")
                topics.insert(topic)
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                // With a checkpoint behind it none is under way.
                if Bool.random(using: &random) { try store.checkpoint() }
                while store.order.withLock({ store.overlays.frozen != nil }) { sched_yield() }
                #expect(try count(store) == topics.count, "seed \(Seed.value), run \(number)")
            }
        }
    }
}
