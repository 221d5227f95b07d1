import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct ExpirySweepTests {
    private func turn(_ store: RetainedStore) -> SweepTurn { store.order.withLock { store.sweeper.turn(store) } }

    @Test("What has expired leaves the store, for good; what has not, and what never does, stays")
    func leaves() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.commit((0..<700).map { ("soon/\($0)", "s") }, expirySeconds: 1_010)
        try writer.set("later", "l", expirySeconds: 1_020)
        try writer.commit((0..<700).map { ("never/\($0)", "n") })
        try store.checkpoint()
        try store.sweepExpired()
        #expect(store.statistics.expiry.clearedCount == 0)
        #expect(store.statistics.indexCount == 1_401)

        clock.pass(seconds: 10)
        try store.sweepExpired()
        try store.checkpoint()
        let statistics = store.statistics
        #expect(statistics.expiry.clearedCount == 700)
        #expect(statistics.expiry.passCount == 2)
        #expect(statistics.expiry.earliestSeconds == 1_020)
        #expect(statistics.indexCount == 701)
        // The clears are part of the history: backups and replays see them.
        #expect(statistics.lastLSN == 2_101)
        #expect(try store.makeReader().scan("#", now: 1).count == 701)
        try store.close()
        #expect(try fixture.open(clock: clock).makeReader().scan("#", now: 1).count == 701)
        let report = try verify(fixture)
        #expect(report)
    }

    private func verify(_ fixture: StoreFixture) throws -> Bool {
        try fixture.closeAll()
        return try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1).isSound
    }

    @Test("D1, R1: a value that comes between finding and clearing is not lost, be it for ever or expired itself")
    func newerValue() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 2_000)
        let cell = Mutex<RetainedStore?>(nil)
        let store = try fixture.open(clock: clock) { moment in
            guard moment == .expiredFound else { return }
            // Between the sweeper's look at the index and the order lock.
            do {
                guard let writer = try cell.withLock({ $0.take() })?.makeWriter() else { return }
                try writer.set("replaced", "new")
                try writer.set("brief", "new", expirySeconds: 1_999)
            } catch {
                Issue.record(error)
            }
        }
        let writer = try store.makeWriter()
        for topic in ["replaced", "brief", "left"] { try writer.set(topic, "old", expirySeconds: 1_500) }
        try store.checkpoint()
        cell.withLock { $0 = store }
        try store.sweepExpired()
        let reader = try store.makeReader()
        #expect(store.statistics.expiry.clearedCount == 1)
        #expect(try reader.get("replaced", now: 1) == "new")
        #expect(try reader.get("brief", now: 1) == "new")
        #expect(try reader.get("left", now: 1) == nil)
        try store.checkpoint()
        #expect(try reader.scan("#", now: 1) == ["replaced": "new", "brief": "new"])
        try store.sweepExpired()
        try store.checkpoint()
        #expect(try reader.scan("#", now: 1) == ["replaced": "new"])
        store.waitUntilDurable(store.statistics.lastLSN)
        try fixture.copy(to: "copy")
        #expect(try fixture.open("copy", clock: clock).makeReader().scan("#", now: 1) == ["replaced": "new"])
    }

    @Test("D1, R1: among writers, checkpoints and sweeps no newer value is ever lost", arguments: 0..<2)
    func race(number: Int) throws {
        let fixture = try StoreFixture()
        fixture.limits.checkpointEntries = 40
        fixture.limits.dirtyPagesMax = 4
        let clock = SimulatedClock(seconds: 10_000)
        let store = try fixture.open(clock: clock)
        let runningCount = Atomic<Int>(2)
        let touched = Collected<String>()
        let writers = (0..<2).map { part -> @Sendable () -> Void in
            {
                defer { runningCount.subtract(1, ordering: .relaxed) }
                do {
                    let writer = try store.makeWriter()
                    let reader = try store.makeReader()
                    var random = SeededGenerator(seed: Seed.value &+ UInt64(number * 10 + part))
                    for round in 0..<200 {
                        let topic = "t\(part)/\(Int.random(in: 0..<50, using: &random))"
                        touched.append(topic)
                        try writer.set(topic, "old \(round)", expirySeconds: 9_999)
                        if Bool.random(using: &random) { sched_yield() }
                        // Nobody else writes this topic: from here on it is there, whatever the sweeper has seen before.
                        try writer.set(topic, "\(round)", expirySeconds: round % 2 == 0 ? 0 : 20_000)
                        let found = try reader.get(topic, now: 10_000)
                        #expect(found == "\(round)", "seed \(Seed.value), run \(number)")
                    }
                } catch {
                    Issue.record(error)
                }
            }
        }
        let sweeping: @Sendable () -> Void = {
            do {
                while runningCount.load(ordering: .relaxed) > 0 { try store.sweepExpired() }
            } catch {
                Issue.record(error)
            }
        }
        try inParallel(writers + [sweeping])
        let found = try store.makeReader().scan("#", now: 10_000)
        #expect(Set(found.keys) == Set(touched.all))
        #expect(found.values.allSatisfy { !$0.hasPrefix("old") })
        #expect(try verify(fixture))
    }

    @Test("Messages that are in the journal only are found too, also those that a replay brought back unopened")
    func replayed() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.set("soon", "s", expirySeconds: 1_010)
        store.waitUntilDurable(try writer.set("never", "n"))
        try fixture.copy(to: "copy")
        clock.pass(seconds: 60)
        for store in [store, try fixture.open("copy", clock: clock)] {
            #expect(store.statistics.indexCount == 0)
            try store.sweepExpired()
            try store.checkpoint()
            #expect(store.statistics.expiry.clearedCount == 1)
            #expect(store.statistics.indexCount == 1)
        }
    }

    @Test("Where nothing expires, nothing is ever looked for; where something does, not before its time")
    func costsNothing() throws {
        let fixture = try StoreFixture()
        fixture.limits.sweepIntervalMilliseconds = 0
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.commit((0..<100).map { ("never/\($0)", "n") })
        guard case .never = turn(store) else { return #expect(Bool(false), "something is looked for") }
        try store.checkpoint()
        guard case .never = turn(store) else { return #expect(Bool(false), "something is looked for") }
        #expect(store.statistics.expiry == ExpirySweepStatistics())

        try writer.set("later", "l", expirySeconds: 1_001)
        guard case .later = turn(store) else { return #expect(Bool(false), "nothing is waited for") }
        #expect(store.statistics.expiry.earliestSeconds == 1_001)
        #expect(store.statistics.expiry.passCount == 0)
    }

    @Test("It sweeps by itself when something has expired, and rests when nothing is left that expires")
    func byItself() throws {
        let fixture = try StoreFixture()
        fixture.limits.sweepIntervalMilliseconds = 1
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.set("soon", "s", expirySeconds: 900)
        while store.statistics.expiry.clearedCount == 0 { sched_yield() }
        // The clears leave the index with the checkpoint that follows.
        while store.statistics.indexCount > 0 || store.statistics.expiry.earliestSeconds != nil { sched_yield() }
        #expect(store.statistics.expiry.passCount == 1)
    }

    @Test("Time does not run backwards from one process to the next: what has expired does not come back")
    func clockSetBack() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        try store.makeWriter().set("soon", "s", expirySeconds: 1_010)
        clock.pass(seconds: 15)
        #expect(try store.makeReader().get("soon", now: store.nowSeconds) == nil)
        try store.close()

        clock.set(seconds: 500)
        let next = try fixture.open(clock: SimulatedClock(seconds: 500))
        #expect(next.nowSeconds == 1_015)
        #expect(next.statistics.expiry.clockLagSeconds == 515)
        #expect(try next.makeReader().get("soon", now: next.nowSeconds) == nil)
    }

    @Test("A killed process has written down what time it was when it swept")
    func killedAfterSweeping() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.set("soon", "s", expirySeconds: 1_010)
        clock.pass(seconds: 15)
        try store.sweepExpired()
        try store.checkpoint()
        store.waitUntilDurable(store.statistics.lastLSN)
        try fixture.copy(to: "copy")
        #expect(try fixture.open("copy", clock: SimulatedClock(seconds: 500)).nowSeconds == 1_015)
    }

    @Test("A pass goes on where an earlier process left it")
    func placeSurvives() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 2_000)
        let store = try fixture.open(clock: clock)
        try store.makeWriter().commit((0..<10).map { ("t/\($0)", "s") }, expirySeconds: 1_000)
        try store.checkpoint()
        let keys = try keys(of: store)
        var note = store.order.withLock { store.sweeper.note }
        #expect(note.earliestSeconds == 1_000)
        note.keptSeconds = 1_000
        note.nextKey = keys[6]
        let writer = try IndexWriter(
            store.index,
            state: store.checkpointer.state,
            versionMax: 10,
            auditKey: store.keys.audit
        )
        try note.put(writer)
        _ = try writer.commit(appliedLSN: nil, setID: store.setID, stateKey: store.keys.state)
        try fixture.copy(to: "copy")

        fixture.limits.sweepIntervalMilliseconds = 1
        let cell = Mutex<RetainedStore?>(nil)
        let seen = Collected<ExpirySweepStatistics>()
        let next = try fixture.open("copy", clock: clock) { moment in
            guard moment == .expiredFound else { return }
            while cell.withLock({ $0 == nil }) { sched_yield() }
            if let store = cell.withLock({ $0 }) { seen.append(store.statistics.expiry) }
        }
        cell.withLock { $0 = next }
        while next.statistics.expiry.passCount < 2 { sched_yield() }
        #expect(seen.all[0].examinedCount == 0)
        #expect(seen.all[1].clearedCount == 4)
        // What the earlier process saw and left still counts.
        #expect(seen.all[1].earliestSeconds == 1_000)
        #expect(next.statistics.expiry.clearedCount == 10)
        cell.withLock { $0 = nil }
    }

    /// The index's keys, in order.
    private func keys(of store: RetainedStore) throws -> [[UInt8]] {
        let reader = try IndexReader(store.index)
        try reader.begin()
        defer { reader.end() }
        var keys: [[UInt8]] = []
        var item = try reader.first()
        while let current = item {
            keys.append(Array(current.key))
            item = try reader.next()
        }
        return keys
    }

    @Test("An index without a note, as earlier versions and backups have it, is looked through once")
    func withoutNote() throws {
        let fixture = try StoreFixture()
        let clock = SimulatedClock(seconds: 1_000)
        let store = try fixture.open(clock: clock)
        let writer = try store.makeWriter()
        try writer.set("later", "l", expirySeconds: 1_500)
        try writer.set("soon", "s", expirySeconds: 1_010)
        try store.checkpoint()
        let index = try IndexWriter(
            store.index,
            state: store.checkpointer.state,
            versionMax: 2,
            auditKey: store.keys.audit
        )
        try index.deleteMeta(ExpiryNote.metaKey)
        _ = try index.commit(appliedLSN: nil, setID: store.setID, stateKey: store.keys.state)
        try fixture.copy(to: "copy")

        clock.pass(seconds: 100)
        let next = try fixture.open("copy", clock: clock)
        #expect(next.statistics.expiry.earliestSeconds == 0)
        try next.sweepExpired()
        #expect(next.statistics.expiry.earliestSeconds == 1_500)
        #expect(next.statistics.expiry.clearedCount == 1)
    }

    @Test("Where there is no room for clears it waits, and publishers do not wait for it")
    func noRoom() throws {
        let fixture = try StoreFixture()
        fixture.limits.overlayEntriesMax = 16
        fixture.limits.checkpointEntries = 1_000
        let clock = SimulatedClock(seconds: 2_000)
        let cell = Mutex<RetainedStore?>(nil)
        let store = try fixture.open(clock: clock) { moment in
            guard moment == .expiredFound else { return }
            do {
                guard let writer = try cell.withLock({ $0.take() })?.makeWriter() else { return }
                // Nearly half of the overlay: the other half is the publishers'.
                try writer.commit((0..<5).map { ("new/\($0)", "n") })
            } catch {
                Issue.record(error)
            }
        }
        let writer = try store.makeWriter()
        try writer.commit((0..<5).map { ("old/\($0)", "o") }, expirySeconds: 1_000)
        try store.checkpoint()
        cell.withLock { $0 = store }
        try store.sweepExpired()
        #expect(store.statistics.expiry.clearedCount == 5)
        #expect(try store.makeReader().scan("#", now: 1).count == 5)
    }
}
