import Glibc
import Synchronization
import Testing

@testable import RetainedStore

/// A copy of a store's files is what a kill leaves; on a `PowerCutDisk` that is what a power cut leaves.
@Suite struct PowerCutDiskTests {
    private static let payload = String(repeating: "p", count: 300)

    @Test("Nothing that was not synced is in the files, though it can be read; a sync puts all of it there")
    func unsyncedIsLost() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        let store = try fixture.open(disk: PowerCutDisk())
        let writer = try store.makeWriter()
        // More than one segment: beginning the next one syncs the one before, and no more than that.
        for number in 1...2_000 { store.waitUntilDurable(try writer.set("t/\(number)", Self.payload)) }
        #expect(try store.makeReader().scan("t/#").count == 2_000)
        let synced = Int(store.journal.syncedLSN.load(ordering: .acquiring))
        #expect(synced > 0 && synced < 2_000)
        try fixture.copy(to: "cut")
        #expect(try fixture.open("cut").makeReader().scan("t/#").count == synced)

        try store.journal.sync(through: 2_000)
        #expect(try store.makeReader().scan("t/#").count == 2_000)
        try fixture.copy(to: "synced")
        #expect(try fixture.open("synced").makeReader().scan("t/#").count == 2_000)
    }

    @Test("D1: with always, whatever was acknowledged is in the files")
    func acknowledgedIsKept() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open(disk: PowerCutDisk())
        let writer = try store.makeWriter()
        for number in 1...500 { store.waitUntilDurable(try writer.set("t/\(number)", Self.payload)) }
        try fixture.copy(to: "cut")
        #expect(try fixture.open("cut").makeReader().scan("t/#").count == 500)
    }

    @Test("A checkpoint has nothing that the journal has lost, and its recycled segments serve again")
    func checkpoints() throws {
        let fixture = try StoreFixture()
        fixture.sync = .none
        let store = try fixture.open(disk: PowerCutDisk())
        let writer = try store.makeWriter()
        for round in 1...4 {
            for number in 1...1_500 { store.waitUntilDurable(try writer.set("t/\(number)", "\(round)" + Self.payload)) }
            try store.checkpoint()
            try fixture.copy(to: "cut-\(round)")
            let found = try fixture.open("cut-\(round)").makeReader().scan("t/#")
            #expect(found.count == 1_500)
            #expect(found.allSatisfy { $0.value.hasPrefix("\(round)") })
        }
        #expect(try store.makeReader().scan("t/#").count == 1_500)
    }

    @Test("New names and removals wait for the directory's sync")
    func namesWait() throws {
        let directory = TemporaryDirectory()
        let disk = PowerCutDisk()
        func names() throws -> Set<String> { Set(try PosixDisk().names(in: directory.path)) }
        for name in ["a", "b"] { try disk.open(directory.file(name), creating: true).allocate(bytes: 4_096) }
        try disk.rename(directory.file("a"), to: directory.file("c"))
        try disk.remove(directory.file("b"))
        #expect(try names() == ["a", "b"])
        try disk.syncDirectory(directory.path)
        #expect(try names() == ["c"])
    }
}
