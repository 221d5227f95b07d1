import Testing

@testable import RetainedStore

/// The format's version 1 opens for ever, and what is broken in it is named.
@Suite struct FixtureStoreTests {
    private let directory = TemporaryDirectory()

    @Test("A store of the released format 1 opens, holds what it held, is sound, and takes more")
    func versionOne() throws {
        let path = directory.file("v1")
        try FixtureStore.copy(to: path)
        let masterKey = try FixtureStore.masterKey.get()
        let options = FixtureStore.options(path)
        let report = try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 2_000_000_000)
        #expect(report.isSound, "\(report.damage)")
        #expect(report.setCount == UInt64(FixtureStore.retained.count) + 1 && report.clearedCount == 1)
        let store = try RetainedStore.open(options, masterKey: masterKey)
        let reader = try store.makeReader()
        #expect(try reader.scan("#") == FixtureStore.retained)
        #expect(try reader.scan("$state/#") == ["$state/boot": "7"])
        #expect(try reader.get("house/cellar") == nil)
        store.waitUntilDurable(try store.makeWriter().set("house/hall/temp", "23.5"))
        try store.checkpoint()
        try store.close()
        let again = try RetainedStore.open(options, masterKey: masterKey)
        #expect(try again.makeReader().get("house/hall/temp") == "23.5")
        try again.close()
        #expect(try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 2_000_000_000).isSound)
    }

    @Test("Another key does not open it, and that is no damage")
    func otherKey() throws {
        let path = directory.file("v1")
        try FixtureStore.copy(to: path)
        let error = try #require(throws: StoreError.self) {
            try RetainedStore.open(FixtureStore.options(path), masterKey: try MasterKey.random())
        }
        if case .header(.wrongKey) = error { return }
        Issue.record("\(error)")
    }

    @Test("S3: each broken store gives the error that stands beside it", arguments: FixtureStore.broken)
    func broken(name: String) throws {
        let path = directory.file(name)
        let expected = try FixtureStore.copyBroken(name, to: path)
        let masterKey = try FixtureStore.masterKey.get()
        let error = try #require(throws: StoreError.self) {
            try RetainedStore.open(FixtureStore.options(path), masterKey: masterKey)
        }
        #expect("\(error)" == expected)
    }

    @Test("The broken stores are all there")
    func count() {
        #expect(FixtureStore.broken.count >= 27)
    }
}
