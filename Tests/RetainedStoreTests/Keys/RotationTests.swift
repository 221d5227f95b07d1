import Synchronization
import Testing

@testable import RetainedStore

@Suite("Rotating data keys") struct RotationTests {
    private func fill(_ store: RetainedStore, _ count: Int = 200) throws -> [String: String] {
        let writer = try store.makeWriter()
        var expected: [String: String] = [:]
        for half in 0..<2 {
            for number in 0..<count / 2 {
                let topic = "user-\(number % 7)/\(half)/\(number)"
                expected[topic] = "\(half) \(number)"
                try writer.set(topic, "\(half) \(number)")
            }
            if half == 0 { try store.checkpoint() }
        }
        store.waitUntilDurable(store.withOrder { $0 })
        return expected
    }

    private func keyIDs(_ fixture: StoreFixture) throws -> Set<DataKeyID> {
        Set(
            try IndexContents.read(fixture).map { item in
                item.value.withUnsafeBytes { $0.loadLittleEndian(at: 8, as: DataKeyID.self) }
            }
        )
    }

    @Test("what older keys sealed is sealed anew, and reads as before")
    func rotating() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let expected = try fill(store)
        let reader = try store.makeReader()
        #expect(try reader.scan("#") == expected)
        let old = Set(store.keyring.keys.withLock { $0.byID.keys })
        #expect(try store.rotateKeys() == 2)
        let writer = try store.makeWriter()
        try writer.set("user-1/0/1", "0 1")
        try store.waitForRotation()
        #expect(try reader.scan("#") == expected)
        try store.checkpoint()
        try store.close()
        #expect(try keyIDs(fixture).isDisjoint(with: old))
        #expect(try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1).isSound)
        let again = try fixture.open()
        #expect(try again.makeReader().scan("#") == expected)
        #expect(again.indexPasses.isEmpty && again.keyring.generation == 2)
        // A namespace that comes later is of the present generation.
        #expect(try again.keyring.key(forNamespace: 99).generation == 2)
    }

    @Test("a copy from before the rotation opens with the keyring from after it")
    func earlierCopies() throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = true
        let store = try fixture.open()
        let expected = try fill(store)
        try fixture.copy(to: "backup")
        try store.rotateKeys()
        try store.waitForRotation()
        try store.close()
        FileBytes.write(FileBytes.read(fixture.path("store.keyring")), to: fixture.path("backup.keyring"))
        let backup = try fixture.open("backup")
        #expect(try backup.makeReader().scan("#") == expected)
        // It goes on where its own index is.
        try backup.waitForRotation()
        try backup.close()
        #expect(
            try RetainedStore.verify(fixture.options("backup"), masterKey: fixture.masterKey, nowSeconds: 1).isSound
        )
    }

    @Test("killed between any two chunks, the next opening goes on with it")
    func resuming() throws {
        let fixture = try StoreFixture()
        fixture.limits.overlayEntriesMax = 20_000
        let store = try fixture.open()
        let expected = try fill(store, 6_000)
        let old = Set(store.keyring.keys.withLock { $0.byID.keys })
        try store.checkpoint()
        try store.rotateKeys(isPaced: true)
        for number in 0..<5 {
            try fixture.copy(to: "killed-\(number)")
            let counted = store.indexPasses.first?.progress.resealedCount
            // Until another chunk is done.
            while let now = store.indexPasses.first?.progress.resealedCount, now == counted { continue }
        }
        try store.waitForRotation()
        try store.close()
        #expect(try keyIDs(fixture).isDisjoint(with: old))
        for number in 0..<5 {
            let copy = try fixture.open("killed-\(number)")
            try copy.waitForRotation()
            #expect(try copy.makeReader().scan("#") == expected, "copy \(number)")
            try copy.close()
            let report = try RetainedStore.verify(
                fixture.options("killed-\(number)"),
                masterKey: fixture.masterKey,
                nowSeconds: 1
            )
            #expect(report.isSound, "copy \(number): \(report.damage)")
        }
    }
}
