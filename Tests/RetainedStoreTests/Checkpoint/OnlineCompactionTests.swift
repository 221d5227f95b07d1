import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite("Compacting the index of a store in use") struct OnlineCompactionTests {
    /// Small slices and checkpoints, so that there are many of both.
    private static func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture()
        fixture.limits.compactionBytesMax = 40 << 10
        fixture.limits.checkpointEntries = 100
        fixture.limits.dirtyPagesMax = 8
        return fixture
    }

    private static func topic(_ number: Int) -> String { "user-\(number % 5)/\(number)" }

    private static let payload = String(repeating: "p", count: 300)

    /// Sets so many topics, and clears all but every tenth.
    private static func fill(_ store: RetainedStore, _ count: Int = 2_000) throws -> [String: String] {
        let writer = try store.makeWriter()
        for number in 0..<count { try writer.set(topic(number), payload) }
        try store.checkpoint()
        for number in 0..<count where number % 10 != 0 { try writer.clear(topic(number)) }
        try store.checkpoint()
        let left = stride(from: 0, to: count, by: 10).map { (topic($0), payload) }
        return Dictionary(uniqueKeysWithValues: left)
    }

    private static func indexBytes(_ fixture: StoreFixture) -> UInt64 {
        var status = stat()
        stat(fixture.path() + "/index/data.mdb", &status)
        return UInt64(status.st_size)
    }

    private static func expectNothingLeft(_ fixture: StoreFixture, _ name: String = "store") throws {
        #expect(try PosixDisk().names(in: fixture.path(name) + "/index").sorted() == ["data.mdb", "lock.mdb"])
    }

    private static func expectSound(_ fixture: StoreFixture, _ name: String = "store", _ comment: Comment? = nil) throws
    {
        let report = try RetainedStore.verify(fixture.options(name), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.isSound, comment ?? "\(report.damage)")
    }

    @Test(
        "The file shrinks, open readers go on in it, and so do writers and the next opening",
        arguments: [true, false]
    )
    func compacts(isPaced: Bool) throws {
        let fixture = try Self.fixture()
        let store = try fixture.open()
        var expected = try Self.fill(store)
        let reader = try store.makeReader()
        #expect(try reader.scan("#") == expected)
        let before = Self.indexBytes(fixture)
        let report = try store.compact(isPaced: isPaced)
        #expect(report.bytesBefore == before && report.bytesAfter == Self.indexBytes(fixture))
        #expect(report.bytesAfter * 4 < report.bytesBefore, "\(report)")
        #expect(report.recordCount == UInt64(expected.count))
        #expect(store.compactionProgress == nil)
        try Self.expectNothingLeft(fixture)
        #expect(try reader.scan("#") == expected)
        let writer = try store.makeWriter()
        for number in 0..<500 {
            try writer.set(Self.topic(number), "again")
            expected[Self.topic(number)] = "again"
        }
        try store.checkpoint()
        #expect(try reader.scan("#") == expected)
        #expect(try store.makeReader().scan("#") == expected)
        // Once more: from the file that was a copy.
        _ = try store.compact(isPaced: isPaced)
        #expect(try reader.scan("#") == expected)
        try store.close()
        try Self.expectSound(fixture)
        #expect(try fixture.open().makeReader().scan("#") == expected)
    }

    @Test("R1, D1: readers, writers, a rotation and a shred go on meanwhile, and nobody reads what is older or missing")
    func racing() throws {
        let fixture = try Self.fixture()
        // Under writers that never pause a slice waits for half a second.
        fixture.limits.compactionBytesMax = 300 << 10
        let store = try fixture.open()
        _ = try Self.fill(store)
        let isOver = Atomic<Bool>(false)
        let last = Mutex<[String: String]>([:])
        let compactions: @Sendable () -> Void = {
            do {
                for round in 0..<4 {
                    _ = try store.compact(isPaced: round % 2 == 0)
                    if round == 1 { try store.rotateKeys() }
                    if round == 2 { _ = try store.shred(namespace: "user-0") }
                }
            } catch {
                Issue.record(error)
            }
            isOver.store(true, ordering: .releasing)
        }
        let write: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                var random = SeededGenerator(seed: Seed.value)
                var model: [String: String] = [:]
                var round = 0
                while !isOver.load(ordering: .acquiring) {
                    round += 1
                    // `kept` topics are never cleared, and their values only grow.
                    var batch = (0..<10).map { _ in
                        (topic: "kept/\(random.next() % 300)", payload: Optional("\(round)"))
                    }
                    for _ in 0..<10 {
                        let payload = random.next() % 3 == 0 ? nil : "\(round)"
                        batch.append(
                            (topic: "user-\(1 + random.next() % 4)/\(random.next() % 2_000)", payload: payload)
                        )
                    }
                    try writer.commit(batch)
                    for message in batch { model[message.topic] = message.payload }
                }
                last.withLock { $0 = model }
            } catch {
                Issue.record(error)
            }
        }
        let read: @Sendable () -> Void = {
            do {
                let reader = try store.makeReader()
                var seen: [String: Int] = [:]
                while !isOver.load(ordering: .acquiring) {
                    let found = try reader.scan("kept/#")
                    for (topic, value) in seen {
                        guard let now = found[topic].flatMap({ Int($0) }), now >= value else {
                            Issue.record("\(topic) had \(value) and has \(found[topic] ?? "none"), seed \(Seed.value)")
                            return
                        }
                    }
                    seen = found.compactMapValues { Int($0) }
                }
            } catch {
                Issue.record(error)
            }
        }
        try inParallel([compactions, write, read, read])
        try store.waitForRotation()
        let model = last.withLock { $0 }
        let found = try store.makeReader().scan("#")
        let isEqual = model.allSatisfy { found[$0.key] == $0.value }
        #expect(isEqual, "seed \(Seed.value)")
        #expect(!found.keys.contains { $0.hasPrefix("user-0") }, "seed \(Seed.value)")
        try store.close()
        try Self.expectNothingLeft(fixture)
        try Self.expectSound(fixture)
        #expect(try fixture.open().makeReader().scan("#") == found)
    }

    @Test("What a rotation seals anew before the place that the copy has come to, is sealed anew in the copy, too")
    func rotating() throws {
        let fixture = try Self.fixture()
        fixture.limits.compactionBytesMax = 8 << 10
        let advancedCount = Atomic<Int>(0)
        let isRotating = Atomic<Bool>(false)
        let store = try fixture.open { moment in
            guard case .copyAdvanced = moment, advancedCount.add(1, ordering: .relaxed).newValue == 4 else { return }
            while !isRotating.load(ordering: .acquiring) { sched_yield() }
        }
        let expected = try Self.fill(store)
        let compact: @Sendable () -> Void = {
            do { _ = try store.compact(isPaced: false) } catch { Issue.record(error) }
        }
        let rotate: @Sendable () -> Void = {
            while advancedCount.load(ordering: .relaxed) < 4 { sched_yield() }
            do { try store.rotateKeys(isPaced: false) } catch { Issue.record(error) }
            isRotating.store(true, ordering: .releasing)
        }
        try inParallel([compact, rotate])
        #expect(try store.waitForRotation().resealedCount == UInt64(expected.count))
        #expect(try store.makeReader().scan("#") == expected)
        try store.close()
        try Self.expectSound(fixture)
    }

    /// The store at a moment, and what had been acknowledged by then.
    private struct Image {
        var name: String
        var moment: CheckpointMoment
        var acknowledged: UInt64
    }

    @Test("D1: killed, or without power, at any moment of a compaction, a store has what was acknowledged")
    func killed() throws {
        let fixture = try Self.fixture()
        let images = Mutex<[Image]>([])
        let counts = Mutex<[String: Int]>([:])
        let durable = Atomic<UInt64>(0)
        let isOver = Atomic<Bool>(false)
        // Safe because the fixture is used by the checkpoint thread for copying alone, while others commit.
        nonisolated(unsafe) let source = fixture
        let keep: @Sendable (CheckpointMoment, String, UInt64) throws -> Void = { moment, name, acknowledged in
            try source.copy(to: name)
            images.withLock { $0.append(Image(name: name, moment: moment, acknowledged: acknowledged)) }
        }
        let store = try fixture.open { moment in
            let acknowledged = durable.load(ordering: .acquiring)
            let name = "\(moment)"
            let count = counts.withLock { counts in
                counts[name, default: 0] += 1
                return counts[name] ?? 0
            }
            do {
                switch moment {
                case .copyAdvanced: if count % 10 == 1 { try keep(moment, "\(name)-\(count)", acknowledged) }
                case .copySynced:
                    try keep(moment, name, acknowledged)
                    let data = FileBytes.read(source.path() + "/index/data.mdb")
                    FileBytes.write(data, to: source.path("before.mdb"))
                case .copyNamed:
                    try keep(moment, name, acknowledged)
                    // Without power the name may be lost, and nothing else of what had been synced.
                    try keep(moment, "\(name)-lost", acknowledged)
                    let data = FileBytes.read(source.path("before.mdb"))
                    FileBytes.write(data, to: source.path("\(name)-lost") + "/index/data.mdb")
                case .copyInPlace: try keep(moment, name, acknowledged)
                case .overlayFrozen, .chunkCommitted, .lastChunkCommitted, .indexSynced, .expiredFound, .passCommitted:
                    break
                }
            } catch {
                Issue.record(error)
            }
        }
        store.onProgress { progress in
            if case .durable(let lsn) = progress { durable.store(lsn, ordering: .releasing) }
        }
        let history = Collected<(topic: String, payload: String?)>()
        let writer = try store.makeWriter()
        for part in 0..<100 {
            let batch = (0..<20).map { (topic: Self.topic(part * 20 + $0), payload: Optional(Self.payload)) }
            history.append(contentsOf: batch)
            try writer.commit(batch)
        }
        let write: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                var random = SeededGenerator(seed: Seed.value)
                while !isOver.load(ordering: .acquiring) {
                    let batch = (0..<10).map { _ in
                        (topic: Self.topic(Int(random.next() % 2_500)), payload: random.next() % 3 == 0 ? "new" : nil)
                    }
                    history.append(contentsOf: batch)
                    store.waitUntilDurable(try writer.commit(batch))
                }
            } catch {
                Issue.record(error)
            }
        }
        let compact: @Sendable () -> Void = {
            do { _ = try store.compact() } catch { Issue.record(error) }
            isOver.store(true, ordering: .releasing)
        }
        try inParallel([write, compact])
        try store.close()
        let taken = images.withLock { $0 }
        #expect(Set(taken.map { "\($0.moment)" }).count == 4)
        for image in taken { try check(image, fixture, history.all) }
    }

    /// Opens an image and compares it with the history: LSNs are places in it.
    private func check(
        _ image: Image,
        _ fixture: StoreFixture,
        _ history: [(topic: String, payload: String?)]
    ) throws {
        let comment: Comment = "\(image.name), seed \(Seed.value)"
        let store = try fixture.open(image.name)
        try Self.expectNothingLeft(fixture, image.name)
        let recovered = store.openReport.lastLSN
        #expect(recovered >= image.acknowledged, comment)
        var model = StoreModel()
        for message in history[..<Int(recovered)] { model.apply(message.topic, message.payload) }
        let isEqual = try store.makeReader().scan("#") == model.retained
        #expect(isEqual, comment)
        try store.checkpoint()
        #expect(store.statistics.indexCount == UInt64(model.retained.count), comment)
        try store.close()
        try Self.expectSound(fixture, image.name, comment)
    }

    @Test("A compaction that cannot go on is given up: it says why, and the store goes on")
    func givenUp() throws {
        let fixture = try Self.fixture()
        let store = try fixture.open()
        let expected = try Self.fill(store)
        let inTheWay = fixture.path() + "/index/compacting.mdb"
        #expect(mkdir(inTheWay, 0o700) == 0)
        #expect { try store.compact() } throws: { error in
            if case .environment(.system(call: "unlink", path: inTheWay, errno: EISDIR)) = error as? StoreError {
                true
            } else {
                false
            }
        }
        #expect(rmdir(inTheWay) == 0)
        #expect(store.statistics.health == .healthy)
        let reader = try store.makeReader()
        #expect(try reader.scan("#") == expected)
        #expect(try store.compact().bytesAfter < 400 << 10)
        #expect(try reader.scan("#") == expected)
    }

    @Test("A store that is closed meanwhile ends the compaction, and leaves nothing of it")
    func closed() throws {
        let fixture = try Self.fixture()
        fixture.limits.compactionBytesMax = 1 << 10
        let begun = Atomic<Bool>(false)
        let mayGoOn = Atomic<Bool>(false)
        let store = try fixture.open { moment in
            guard case .copyAdvanced = moment, !begun.exchange(true, ordering: .acquiringAndReleasing) else { return }
            while !mayGoOn.load(ordering: .acquiring) { sched_yield() }
        }
        let expected = try Self.fill(store)
        let compact: @Sendable () -> Void = {
            #expect(throws: StoreError.closed) { try store.compact() }
        }
        let close: @Sendable () -> Void = {
            while !begun.load(ordering: .acquiring) { sched_yield() }
            mayGoOn.store(true, ordering: .releasing)
            do { try store.close() } catch { Issue.record(error) }
        }
        try inParallel([compact, close])
        try Self.expectNothingLeft(fixture)
        #expect(throws: StoreError.closed) { try store.compact() }
        #expect(try fixture.open().makeReader().scan("#") == expected)
    }
}
