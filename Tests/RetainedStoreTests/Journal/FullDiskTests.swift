import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct FullDiskTests {
    @Test("D3: a full disk refuses before anything is ordered, loses nothing, and recovers by itself")
    func fullDisk() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        disk.refuse(.allocate, ENOSPC)
        let writer = try store.makeWriter()
        let payload = String(repeating: "p", count: 900)
        var last = 0
        var refusal: StoreError?
        for number in 1...500 where refusal == nil {
            var calls = 0
            do {
                try writer.commit([("t/\(number)", payload)]) { _ in calls += 1 }
                last = number
                #expect(calls == 1)
            } catch {
                refusal = error as? StoreError
                #expect(calls == 0)
            }
        }
        #expect(refusal == .full(.journal))
        #expect(last > 20)
        store.waitUntilDurable(UInt64(last))
        #expect(store.statistics.health == .full(.journal))
        // Reading goes on.
        #expect(try store.makeReader().get("t/1") == payload)

        let relieved = Collected<Bool>()
        store.onProgress { progress in
            if case .relieved = progress { relieved.append(true) }
        }
        disk.refuse(.allocate, nil)
        while relieved.all.isEmpty { usleep(1_000) }
        store.waitUntilDurable(try writer.set("t/after", payload))
        #expect(store.statistics.health == .healthy)
        try store.close()
        let reader = try fixture.open().makeReader()
        #expect(try reader.scan("#").count == last + 1)
    }

    @Test("While the disk is full the journal thread sleeps, and writers go on as soon as there is space")
    func nobodyLooksWhileFull() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        disk.refuse(.allocate, ENOSPC)
        let writer = try store.makeWriter()
        while (try? writer.set("t", String(repeating: "p", count: 900))) != nil { continue }
        store.waitUntilDurable(store.statistics.lastLSN)
        // As if the last segment were full to its last byte, and a writer had found no room.
        store.order.withLock {
            store.journal.openGroup = nil
            store.journal.tailOffset = store.journal.table.segments.last?.bytes ?? 0
            store.journal.areWritersSlowed = true
        }
        store.underPressure.store(true, ordering: .relaxed)
        let looks = { store.order.withLock { store.journal.lookCount } }
        let before = looks()
        // The preparing thread tries three times more: twenty milliseconds each, in which there would be a look every one.
        let attempts = disk.count(.allocate)
        while disk.count(.allocate) < attempts + 3 { sched_yield() }
        #expect(looks() <= before + 1)

        let relieved = Collected<Bool>()
        store.onProgress { progress in
            if case .relieved = progress, !store.isUnderPressure { relieved.append(true) }
        }
        disk.refuse(.allocate, nil)
        while relieved.all.isEmpty { sched_yield() }
        store.waitUntilDurable(try writer.set("t/after", "1"))
    }

    @Test("D3: a message that there is no segment for is refused alone, and taken when there is space")
    func noRoomForLargeMessage() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        while !store.isAtRest { sched_yield() }
        disk.refuse(.allocate, ENOSPC)
        let writer = try store.makeWriter()
        let large = String(repeating: "l", count: 20_000)
        #expect(throws: StoreError.full(.journal)) { try writer.set("large", large) }
        store.waitUntilDurable(try writer.set("small", "1"))
        #expect(store.statistics.health == .healthy)
        disk.refuse(.allocate, nil)
        store.waitUntilDurable(try writer.set("large", large))
        #expect(try store.makeReader().get("large") == large)
    }

    @Test("D3: a store opens on a full disk, is read, and takes messages when there is space")
    func openingOnFullDisk() throws {
        let fixture = try StoreFixture()
        let first = try fixture.open()
        first.waitUntilDurable(try first.makeWriter().set("t", "1"))
        try first.close()
        // Once more, so that the first segment, which holds nothing, is in use and not free to be recycled.
        try fixture.open().close()
        for spare in try PosixDisk().names(in: fixture.path() + "/journal") where SegmentName.isSpare(spare) {
            unlink(fixture.path() + "/journal/" + spare)
        }
        let disk = FaultyDisk()
        disk.refuse(.allocate, ENOSPC)
        let store = try fixture.open(disk: disk)
        #expect(try store.makeReader().get("t") == "1")
        let writer = try store.makeWriter()
        #expect(throws: StoreError.full(.journal)) { try writer.set("t", "2") }
        disk.refuse(.allocate, nil)
        var isWritten = false
        while !isWritten {
            usleep(1_000)
            isWritten = (try? writer.set("t", "3")) != nil
        }
        store.waitUntilDurable(store.withOrder { $0 })
        try store.close()
        #expect(try fixture.open().makeReader().get("t") == "3")
    }

    @Test("D3: a keyring that can not grow refuses what needs a new data key, and nothing else, until there is space")
    func fullKeyring() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("known/1", "1")
        store.keyring.file.withLock { file in
            file.reserve = { (_, _, path) throws(EnvironmentError) in
                throw .system(call: "fallocate", path: path, errno: ENOSPC)
            }
        }
        var kept: [String: String] = ["known/1": "1"]
        var refusal: StoreError?
        for number in 0..<2 * Keyring.reservedEntries where refusal == nil {
            do {
                try writer.set("new-\(number)/t", "\(number)")
                kept["new-\(number)/t"] = "\(number)"
            } catch {
                refusal = error as? StoreError
            }
        }
        #expect(refusal == .full(.keyring))
        // Room is made for a block at a time, and what it was made for is taken.
        #expect(kept.count == Keyring.reservedEntries)
        #expect(store.statistics.health == .full(.keyring))
        #expect(throws: StoreError.full(.keyring)) { try store.rotateKeys() }
        store.waitUntilDurable(try writer.set("known/2", "2"))
        kept["known/2"] = "2"

        store.keyring.file.withLock { $0.reserve = KeyFile.reserve }
        #expect(store.statistics.health == .healthy)
        store.waitUntilDurable(try writer.set("after/t", "3"))
        kept["after/t"] = "3"
        try store.close()
        #expect(try fixture.open().makeReader().scan("#") == kept)
    }
}
