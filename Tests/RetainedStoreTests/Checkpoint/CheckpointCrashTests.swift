import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct CheckpointCrashTests {
    /// Copies taken at the moments of checkpoints, while nothing else writes the index.
    private final class Copies: Sendable {
        private let taken = Mutex<[(name: String, moment: CheckpointMoment, acknowledged: UInt64)]>([])
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        func take(_ moment: CheckpointMoment, acknowledged: UInt64, _ copy: (String) -> Void) {
            let name = taken.withLock { taken -> String? in
                guard taken.count < limit else { return nil }
                let name = "killed-\(taken.count)"
                taken.append((name, moment, acknowledged))
                return name
            }
            if let name { copy(name) }
        }

        var all: [(name: String, moment: CheckpointMoment, acknowledged: UInt64)] { taken.withLock { $0 } }
    }

    @Test(
        "D1: killed at any moment of a checkpoint, a store has what was acknowledged and nothing that was not attempted"
    )
    func killedDuringCheckpoint() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        fixture.limits.checkpointEntries = 150
        fixture.limits.dirtyPagesMax = 3
        let copies = Copies(limit: 40)
        let durable = Atomic<UInt64>(0)
        // Safe because the fixture is used by the checkpoint thread for copying alone, while this thread commits.
        nonisolated(unsafe) let source = fixture
        let store = try fixture.open { moment in
            copies.take(moment, acknowledged: durable.load(ordering: .acquiring)) { name in
                do { try source.copy(to: name) } catch { Issue.record(error) }
            }
        }
        store.onProgress { progress in
            if case .durable(let lsn) = progress { durable.store(lsn, ordering: .releasing) }
        }
        var topics = RandomTopics(seed: Seed.value)
        var history: [(topic: String, payload: String?)] = []
        let writer = try store.makeWriter()
        while copies.all.count < 40 {
            let batch = topics.batch(upTo: 20).map {
                (topic: "\($0.topic)/\(topics.random.next() % 300)", payload: $0.payload)
            }
            try writer.commit(batch)
            history += batch
            try #require(history.count < 200_000)
        }
        try store.close()
        for copy in copies.all {
            try check(fixture, copy.name, history, acknowledged: copy.acknowledged, "\(copy.moment)")
        }
        // Each moment was among them.
        #expect(Set(copies.all.map { "\($0.moment)" }).count == 4)
    }

    @Test(
        "D1: killed at random moments between checkpoints",
        arguments: [SyncPolicy.always, .interval(milliseconds: 5), .none]
    )
    func killedWhileWriting(sync: SyncPolicy) throws {
        let fixture = try StoreFixture()
        fixture.sync = sync
        fixture.limits.segmentBytes = 64 << 10
        let store = try fixture.open()
        let isOver = Atomic<Bool>(false)
        let history = Collected<(topic: String, payload: String?)>()
        let write: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                var topics = RandomTopics(seed: Seed.value &+ 1)
                while !isOver.load(ordering: .relaxed) {
                    let batch = topics.batch(upTo: 20)
                    // Before the commit: what is attempted may be recovered.
                    history.append(contentsOf: batch)
                    try writer.commit(batch)
                }
            } catch {
                Issue.record(error)
            }
        }
        // Safe because only this one thread uses the fixture meanwhile.
        nonisolated(unsafe) let source = fixture
        let acknowledged = Collected<UInt64>()
        let copy: @Sendable () -> Void = {
            for number in 0..<15 {
                while store.durableLSN < UInt64(number) * 200 + 1 { continue }
                acknowledged.append(store.durableLSN)
                do { try source.copy(to: "killed-\(number)") } catch { Issue.record(error) }
            }
            isOver.store(true, ordering: .relaxed)
        }
        try inParallel([write, copy])
        try store.close()
        for (number, lsn) in acknowledged.all.enumerated() {
            try check(fixture, "killed-\(number)", history.all, acknowledged: lsn, "copy \(number)")
        }
    }

    @Test("D1: killed after a checkpoint, before the next segment has its first group, a store still knows its LSNs")
    func killedBetweenSegments() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let number = try fixture.fillSegment(store, writer)
        try store.checkpoint()
        while !store.isAtRest { sched_yield() }
        try fixture.copy(to: "killed")
        let again = try fixture.open("killed")
        #expect(again.openReport.lastLSN == UInt64(number))
        #expect(try again.makeReader().scan("#").count == number)
    }

    /// Opens a copy and compares it with the history through the LSN that it says it has: LSNs are places in the
    /// history.
    private func check(
        _ fixture: StoreFixture,
        _ name: String,
        _ history: [(topic: String, payload: String?)],
        acknowledged: UInt64,
        _ comment: String
    ) throws {
        let store = try fixture.open(name)
        let recovered = store.openReport.lastLSN
        #expect(recovered >= acknowledged, "\(comment), seed \(Seed.value)")
        try #require(recovered <= UInt64(history.count), "\(comment), seed \(Seed.value)")
        var model = StoreModel()
        for message in history[..<Int(recovered)] { model.apply(message.topic, message.payload) }
        let found = try store.makeReader().scan("#")
        let isEqual = found == model.scan("#")
        #expect(isEqual, "\(comment), seed \(Seed.value)")
        try store.checkpoint()
        #expect(store.statistics.indexCount == UInt64(model.retained.count), "\(comment), seed \(Seed.value)")
        try store.close()
        let report = try RetainedStore.verify(fixture.options(name), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.isSound, "\(comment), seed \(Seed.value): \(report.damage)")
    }
}
