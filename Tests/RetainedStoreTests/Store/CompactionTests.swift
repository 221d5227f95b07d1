import Glibc
import Testing

@testable import RetainedStore

@Suite struct CompactionTests {
    private static let payload = String(repeating: "p", count: 500)

    /// A store whose index has had ten times as many messages as it has now, and a message in the journal alone.
    private static func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 1...2_000 { try writer.set("t/\(number)", payload) }
        try store.checkpoint()
        for number in 201...2_000 { try writer.clear("t/\(number)") }
        try store.checkpoint()
        try writer.set("t/new", "new")
        try store.close()
        return fixture
    }

    private static func dataPath(_ fixture: StoreFixture) -> String { fixture.path() + "/index/data.mdb" }
    private static func copyPath(_ fixture: StoreFixture) -> String { fixture.path() + "/index/compacting.mdb" }

    private static func expectEverything(in fixture: StoreFixture) throws {
        var expected = Dictionary(uniqueKeysWithValues: (1...200).map { ("t/\($0)", payload) })
        expected["t/new"] = "new"
        let store = try fixture.open()
        #expect(try store.makeReader().scan("#") == expected)
        try store.close()
        let report = try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.isSound, "\(report.damage)")
    }

    @Test("The index is as small as what is in it, and everything is there, sealed as it was")
    func compacts() throws {
        let fixture = try Self.fixture()
        chmod(Self.dataPath(fixture), 0o640)
        let report = try RetainedStore.compact(fixture.options())
        // Pages filled to the brim, and a few for the tree.
        #expect(report.bytesAfter < 200 * 900 + 40_000, "\(report)")
        #expect(report.bytesBefore > 5 * report.bytesAfter, "\(report)")
        #expect(report.recordCount == 200)
        var status = stat()
        stat(Self.dataPath(fixture), &status)
        #expect(UInt64(status.st_size) == report.bytesAfter)
        #expect(status.st_mode & 0o777 == 0o640)
        #expect(access(Self.copyPath(fixture), F_OK) != 0)
        try Self.expectEverything(in: fixture)
        // Once more there is nothing to gain, and nothing is touched.
        let again = try RetainedStore.compact(fixture.options())
        #expect(again.bytesAfter == again.bytesBefore)
        try Self.expectEverything(in: fixture)
    }

    @Test("A store goes on after being compacted: what is written then goes where the pages are")
    func goesOn() throws {
        let fixture = try Self.fixture()
        _ = try RetainedStore.compact(fixture.options())
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 1...2_000 { try writer.set("t/\(number)", "again") }
        try store.checkpoint()
        try store.close()
        let reopened = try fixture.open()
        #expect(try reopened.makeReader().scan("t/#").count == 2_001)
        #expect(try reopened.makeReader().get("t/1999") == "again")
    }

    @Test("D1: what an interrupted compaction leaves is removed, by the next one and by the next opening")
    func interrupted() throws {
        let fixture = try Self.fixture()
        let half = FileBytes.read(Self.dataPath(fixture)).prefix(100_000)
        FileBytes.write(Array(half), to: Self.copyPath(fixture))
        try Self.expectEverything(in: fixture)
        #expect(access(Self.copyPath(fixture), F_OK) != 0)
        FileBytes.write(Array(half), to: Self.copyPath(fixture))
        _ = try RetainedStore.compact(fixture.options())
        #expect(access(Self.copyPath(fixture), F_OK) != 0)
        try Self.expectEverything(in: fixture)
    }

    @Test("A store in use is left alone, and so is a directory that is none")
    func refuses() throws {
        let fixture = try Self.fixture()
        let store = try fixture.open()
        let directory = fixture.path()
        #expect(throws: StoreError.busy(directory: directory)) { _ = try RetainedStore.compact(fixture.options()) }
        try store.close()
        #expect(throws: StoreError.missing(directory: fixture.path("none"))) {
            _ = try RetainedStore.compact(fixture.options("none"))
        }
    }
}
