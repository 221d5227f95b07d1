import Testing

@testable import RetainedStore

@Suite struct RetainedStoreTests {
    @Test("What was committed is read back, before and after reopening")
    func roundTrip() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let lsn = try writer.commit([
            ("a/b", "one"), ("a/c", "two"), ("$SYS/x", "three"), ("a/b", "four"), ("a/d", nil),
        ])
        #expect(lsn == 5)
        store.waitUntilDurable(lsn)
        let reader = try store.makeReader()
        #expect(try reader.get("a/b") == "four")
        #expect(try reader.get("a/d") == nil)
        #expect(try reader.get("a") == nil)
        #expect(try reader.scan("#") == ["a/b": "four", "a/c": "two"])
        #expect(try reader.scan("a/+") == ["a/b": "four", "a/c": "two"])
        #expect(try reader.scan("+/c") == ["a/c": "two"])
        #expect(try reader.scan("$SYS/#") == ["$SYS/x": "three"])
        try store.close()

        let again = try fixture.open()
        #expect(again.openReport.replayedCount == 5)
        #expect(again.openReport.tornBytes == 0)
        #expect(again.openReport.endsWithMark)
        let second = try again.makeReader()
        #expect(try second.scan("#") == ["a/b": "four", "a/c": "two"])
        try again.checkpoint()
        #expect(again.statistics.indexCount == 3)
        #expect(again.statistics.appliedLSN == 5)
        #expect(try second.scan("#") == ["a/b": "four", "a/c": "two"])
        #expect(try second.get("a/b") == "four")
        try again.close()

        let third = try fixture.open()
        #expect(third.openReport.replayedCount == 0)
        #expect(try third.makeReader().scan("#") == ["a/b": "four", "a/c": "two"])
    }
}
