import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct SyncPolicyTests {
    @Test("D1: under `always` nothing is durable before the sync that covers it")
    func always() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let writer = try store.makeWriter()
        let durableAtSync = Collected<UInt64>()
        store.onProgress { progress in
            if case .durable(let lsn) = progress { durableAtSync.append(lsn) }
        }
        for number in 1...20 {
            let before = disk.count(.sync)
            let lsn = try writer.set("t", "\(number)")
            store.waitUntilDurable(lsn)
            #expect(disk.count(.sync) > before)
        }
        #expect(durableAtSync.all == Array(1...20))
    }

    @Test("D1: a sync that has not returned acknowledges nothing")
    func syncFails() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let writer = try store.makeWriter()
        store.waitUntilDurable(try writer.set("t", "1"))
        disk.refuse(.sync, EIO)
        let lsn = try writer.set("t", "2")
        #expect(store.waitUntilDurable(lsn) == nil)
        #expect(store.durableLSN == lsn - 1)
    }

    @Test("Under `none` only checkpoints and closing sync")
    func none() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let writer = try store.makeWriter()
        let before = disk.count(.sync)
        for number in 1...20 { store.waitUntilDurable(try writer.set("t", "\(number)")) }
        #expect(disk.count(.sync) == before)
        try store.checkpoint()
        #expect(disk.count(.sync) > before)
        try store.close()
        #expect(try fixture.open().makeReader().get("t") == "20")
    }

    @Test("Under `interval` a write is acknowledged at once, and synced without another one coming")
    func interval() throws {
        let fixture = try StoreFixture()
        fixture.sync = .interval(milliseconds: 30)
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let writer = try store.makeWriter()
        store.waitUntilDurable(try writer.set("t", "1"))
        store.waitUntilDurable(try writer.set("t", "2"))
        let lsn = store.durableLSN
        while store.journal.syncedLSN.load(ordering: .acquiring) < lsn { usleep(1_000) }
        #expect(disk.count(.sync) > 0)
    }
}
