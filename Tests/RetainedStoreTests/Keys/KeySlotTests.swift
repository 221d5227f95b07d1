import Testing

@testable import RetainedStore

@Suite("Changing key slots") struct KeySlotTests {
    private func opens(_ fixture: StoreFixture, _ key: MasterKey) -> Bool {
        (try? OpenedStore(fixture.options().location, key, access: .readOnly)) != nil
    }

    @Test("keys are added, replaced and removed while the store is open, and no data is touched")
    func changing() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.waitUntilDurable(try store.makeWriter().set("a", "1"))
        let location = fixture.options().location
        let passphrase = try MasterKey(passphrase: "correct horse")
        let second = try MasterKey.random()
        let slot = try RetainedStore.addKey(passphrase, at: location, openedWith: fixture.masterKey)
        #expect(slot.kind == .passphrase)
        #expect(opens(fixture, passphrase) && opens(fixture, fixture.masterKey))
        try RetainedStore.replaceKey(passphrase, by: second, at: location)
        #expect(!opens(fixture, passphrase) && opens(fixture, second) && opens(fixture, fixture.masterKey))
        // A key may remove itself, as long as another one is left.
        try RetainedStore.removeKey(
            fingerprint: try #require(fixture.masterKey.fingerprint),
            at: location,
            openedWith: fixture.masterKey
        )
        #expect(!opens(fixture, fixture.masterKey))
        #expect(try RetainedStore.keySlots(at: location).map(\.fingerprint) == [second.fingerprint])
        try store.close()
        let again = try RetainedStore.open(fixture.options(), masterKey: second)
        #expect(try again.makeReader().get("a") == "1")
        try again.close()
    }

    @Test("what would lock everybody out, or do nothing, is refused")
    func refusals() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let location = fixture.options().location
        let key = fixture.masterKey
        let fingerprint = try #require(key.fingerprint)
        #expect(throws: StoreError.header(.onlySlot)) {
            try RetainedStore.removeKey(fingerprint: fingerprint, at: location, openedWith: key)
        }
        #expect(throws: StoreError.header(.slotExists(fingerprint: fingerprint))) {
            try RetainedStore.addKey(key, at: location, openedWith: key)
        }
        #expect(throws: StoreError.header(.noSlot(fingerprint: "0000000000000000"))) {
            try RetainedStore.removeKey(fingerprint: "0000000000000000", at: location, openedWith: key)
        }
        let other = try MasterKey.random()
        #expect(throws: StoreError.self) { try RetainedStore.addKey(other, at: location, openedWith: other) }
        for _ in 1..<KeyLimits.slotsMax {
            try RetainedStore.addKey(try MasterKey.random(), at: location, openedWith: key)
        }
        #expect(throws: StoreError.header(.noFreeSlot)) {
            try RetainedStore.addKey(other, at: location, openedWith: key)
        }
    }

    @Test("two at once do not undo each other")
    func atOnce() throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let location = fixture.options().location
        let key = fixture.masterKey
        let add: @Sendable () -> Void = {
            for _ in 0..<5 {
                do {
                    try RetainedStore.addKey(try MasterKey.random(), at: location, openedWith: key)
                } catch {
                    Issue.record(error)
                }
            }
        }
        try inParallel([add, add, add])
        #expect(try RetainedStore.keySlots(at: location).count == 16)
    }
}
