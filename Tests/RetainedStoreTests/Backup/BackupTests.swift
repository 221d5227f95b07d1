import Testing

@testable import RetainedStore

@Suite("Backups") struct BackupTests {
    private func backup(
        _ store: RetainedStore,
        _ fixture: StoreFixture,
        _ name: String = "backup",
        observer: @escaping () -> Void = {}
    ) throws -> BackupReport {
        try store.backup(
            to: fixture.path(name),
            nowSeconds: 1,
            isPaced: false,
            progress: { _ in },
            observer: observer
        )
    }

    /// A second key holder's place for keyrings: a restored copy finds its keyring where the store's was.
    private func restore(_ fixture: StoreFixture, _ name: String = "backup") throws -> RetainedStore {
        if fixture.isKeyringApart {
            FileBytes.write(FileBytes.read(fixture.path("store.keyring")), to: fixture.path(name + ".keyring"))
        }
        return try fixture.open(name)
    }

    private func verify(_ fixture: StoreFixture, _ name: String) throws -> VerificationReport {
        try RetainedStore.verify(fixture.options(name), masterKey: fixture.masterKey, nowSeconds: 1)
    }

    @Test("a copy has what the store had, begins a new timeline, and goes on by itself", arguments: [false, true])
    func restoring(isKeyringApart: Bool) throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = isKeyringApart
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<500 { try writer.set("t/\(number % 300)", "\(number)") }
        try store.checkpoint()
        for number in 0..<50 { try writer.clear("t/\(number)") }
        store.waitUntilDurable(try writer.set("t/7", "back"))
        let expected = try store.makeReader().scan("#")
        let report = try backup(store, fixture)
        #expect(report.mode == .full && report.recordCount == 251 && report.lastLSN == 551)
        #expect(report.hasKeyring == !isKeyringApart)
        #expect(FileBytes.read(fixture.path("backup/keyring")).isEmpty == isKeyringApart)
        // What comes later is not in it.
        store.waitUntilDurable(try writer.set("t/later", "x"))
        let timeline = store.timeline
        try store.close()

        let restored = try restore(fixture)
        #expect(restored.openReport.restoredBackup?.lastLSN == 551)
        #expect(restored.timeline != timeline)
        #expect(try restored.makeReader().scan("#") == expected)
        let lsn = try restored.makeWriter().set("t/new", "1")
        #expect(lsn == 552)
        restored.waitUntilDurable(lsn)
        try restored.close()
        #expect(try verify(fixture, "backup").isSound)
        let again = try fixture.open("backup")
        #expect(again.openReport.restoredBackup == nil && again.timeline == restored.timeline)
        #expect(try again.makeReader().scan("#").count == 252)
    }

    @Test(
        "a copy has what was published until the last record of the index was read, also where nothing else is to be copied"
    )
    func publishedMeanwhile() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<100 { try writer.set("t/\(number)", "x") }
        try store.checkpoint()
        var failure: (any Error)?
        var count = 0
        let report = try store.backup(to: fixture.path("backup"), nowSeconds: 1, isPaced: false) { progress in
            // Behind the batch that has just been copied, and what the journal had then.
            guard progress.part == .index else { return }
            count += 1
            do { try writer.set("late/\(count)", "y") } catch { failure = error }
        }
        #expect(failure == nil && count > 0)
        #expect(report.lastLSN == UInt64(100 + count) && report.recordCount == report.lastLSN)
        try store.close()
        #expect(try restore(fixture).makeReader().scan("late/#").count == count)
    }

    @Test("verify reads a copy that was never opened, and leaves it one")
    func verifying() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.waitUntilDurable(try store.makeWriter().set("a/b", "1"))
        _ = try backup(store, fixture)
        try store.close()
        for _ in 0..<2 {
            let report = try verify(fixture, "backup")
            #expect(report.isSound && report.setCount == 1)
        }
        let structure = try RetainedStore.verify(fixture.options("backup"), masterKey: nil, nowSeconds: 1)
        #expect(structure.isSound)
        #expect(try fixture.open("backup").openReport.restoredBackup != nil)
    }

    @Test("while others publish and checkpoints recycle segments, it is what the store was at one LSN")
    func underLoad() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        fixture.limits.checkpointEntries = 400
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for start in stride(from: 0, to: 6_000, by: 100) {
            try writer.commit((start..<start + 100).map { ("base/\($0)", "\($0)") })
        }
        try store.checkpoint()
        let history = Collected<(topic: String, payload: String?)>()
        let write: @Sendable () -> Void = {
            do {
                let writer = try store.makeWriter()
                var topics = RandomTopics(seed: Seed.value)
                for _ in 0..<600 {
                    let batch = topics.batch(upTo: 20)
                    history.append(contentsOf: batch)
                    try writer.commit(batch)
                }
            } catch {
                Issue.record(error)
            }
        }
        let reports = Collected<BackupReport>()
        let path = fixture.path("backup")
        let copy: @Sendable () -> Void = {
            do {
                for _ in 0..<4 {
                    reports.append(
                        try store.backup(to: path, nowSeconds: 1, isPaced: false, progress: { _ in })
                    )
                }
            } catch {
                Issue.record(error)
            }
        }
        try inParallel([write, copy])
        let last = try #require(reports.all.last)
        try store.close()
        let restored = try fixture.open("backup")
        var model = StoreModel()
        for number in 0..<6_000 { model.apply("base/\(number)", "\(number)") }
        for message in history.all[..<(Int(last.lastLSN) - 6_000)] { model.apply(message.topic, message.payload) }
        let found = try restored.makeReader().scan("#")
        let isEqual = found == model.scan("#")
        #expect(isEqual, "seed \(Seed.value), \(reports.all)")
        try restored.close()
        #expect(try verify(fixture, "backup").isSound)
    }

    @Test("a second backup takes what the journal has; one that it no longer reaches compares everything")
    func incremental() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<200 { try writer.set("t/\(number)", "1") }
        #expect(try backup(store, fixture).mode == .full)
        for number in 0..<20 { try writer.clear("t/\(number)") }
        try writer.set("t/30", "2")
        let second = try backup(store, fixture)
        #expect(second.mode == .incremental && second.journalRecordCount == 21 && second.recordCount == 180)
        // So much that the segments that the backup ends in are recycled; what it cleared must go from the copy.
        for round in 0..<20 {
            for number in 20..<120 {
                try writer.set("t/\(number)", "round \(round) \(String(repeating: "x", count: 200))")
            }
            try store.checkpoint()
        }
        for number in 20..<60 { try writer.clear("t/\(number)") }
        try store.checkpoint()
        let third = try backup(store, fixture)
        #expect(third.mode == .full && third.recordCount == 140)
        let expected = try store.makeReader().scan("#")
        try store.close()
        #expect(try fixture.open("backup").makeReader().scan("#") == expected)
    }

    @Test("killed at any moment, a copy is whole or refused, and gone on with")
    func killed() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for start in stride(from: 0, to: 9_000, by: 500) {
            try writer.commit((start..<start + 500).map { ("t/\($0)", "\($0)") })
        }
        try store.checkpoint()
        store.waitUntilDurable(try writer.set("t/0", "newest"))
        var copies: [String] = []
        _ = try backup(store, fixture) {
            let name = "killed-\(copies.count)"
            copies.append(name)
            do { try fixture.copy("backup", to: name) } catch { Issue.record(error) }
        }
        #expect(copies.count > 4)
        let expected = try store.makeReader().scan("#")
        for name in copies {
            #expect(throws: StoreError.unfinishedBackup(directory: fixture.path(name))) { try fixture.open(name) }
            let report = try backup(store, fixture, name)
            #expect(report.mode == .resumed && report.recordCount == 9_000, "\(name)")
            let restored = try fixture.open(name)
            let isEqual = try restored.makeReader().scan("#") == expected
            #expect(isEqual, "\(name)")
            try restored.close()
        }
    }

    @Test("a shred between two backups makes the next one a full one, without what was shredded")
    func shredded() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<50 { try writer.commit([("alice/\(number)", "a"), ("bob/\(number)", "b")]) }
        _ = try backup(store, fixture)
        _ = try backup(store, fixture, "old")
        let shred = try store.shred(namespace: "alice")
        let report = try backup(store, fixture)
        #expect(report.mode == .full && report.recordCount == 50)
        // The other one has a keyring of its own, until it is named.
        try store.shred(namespace: "alice", inCopy: fixture.path("old"), lastLSN: shred.lastLSN)
        try store.close()
        for name in ["backup", "old"] {
            #expect(try verify(fixture, name).isSound)
            let restored = try fixture.open(name)
            #expect(try restored.makeReader().scan("alice/#").isEmpty)
            #expect(try restored.makeReader().scan("bob/#").count == 50)
            try restored.close()
        }
    }

    @Test("nothing but a backup of the same store is written over")
    func otherPlaces() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.waitUntilDurable(try store.makeWriter().set("a", "1"))
        try fixture.open("other").close()
        #expect(throws: StoreError.notABackup(directory: fixture.path("other"))) {
            try backup(store, fixture, "other")
        }
        #expect(throws: StoreError.notABackup(directory: fixture.path("store"))) {
            try backup(store, fixture, "store")
        }
    }

    @Test("S3: every flipped bit of the marker is noticed, and a copy put over a store is refused")
    func marker() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.waitUntilDurable(try store.makeWriter().set("a", "1"))
        _ = try backup(store, fixture)
        store.waitUntilDurable(try store.makeWriter().set("a", "2"))
        try store.close()
        let path = fixture.path("backup") + "/backup"
        let bytes = FileBytes.read(path)
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            FileBytes.write(flipped, to: path)
            #expect(throws: StoreError.self, "bit \(bit)") { try fixture.open("backup") }
        }
        FileBytes.write(bytes, to: path)
        for name in ["latch.store", "backup", "index/data.mdb"] {
            FileBytes.write(FileBytes.read(fixture.path("backup") + "/" + name), to: fixture.path() + "/" + name)
        }
        #expect(throws: StoreError.self) { try fixture.open() }
    }
}
