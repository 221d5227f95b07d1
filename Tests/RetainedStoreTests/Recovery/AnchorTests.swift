import Testing

@testable import RetainedStore

@Suite("The anchor beside the keyring") struct AnchorTests {
    @Test("a store that was put back to an earlier state is refused, and taken when that is what was wanted")
    func rolledBack() throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = true
        let store = try fixture.open()
        let writer = try store.makeWriter()
        store.waitUntilDurable(try writer.set("a", "1"))
        try store.checkpoint()
        try fixture.copy(to: "earlier")
        store.waitUntilDurable(try writer.set("a", "2"))
        try store.checkpoint()
        try store.close()
        let anchor = FileBytes.read(fixture.options().location.anchorPath)
        #expect(anchor.count == 92)
        FileBytes.write(anchor, to: fixture.options("earlier").location.anchorPath)
        #expect {
            try fixture.open("earlier")
        } throws: { error in
            "\(error)".contains("earlier state")
        }
        try RetainedStore.acceptEarlierState(at: fixture.options("earlier").location, fixture.masterKey)
        let accepted = try fixture.open("earlier")
        #expect(try accepted.makeReader().get("a") == "1")
    }

    @Test("every flipped bit is noticed")
    func flippedBits() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        store.waitUntilDurable(try store.makeWriter().set("a", "1"))
        try store.checkpoint()
        try store.close()
        let path = fixture.options().location.anchorPath
        let bytes = FileBytes.read(path)
        let keys = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly).keys
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            FileBytes.write(flipped, to: path)
            #expect(throws: StoreError.self, "bit \(bit)") { try Anchor.read(from: path, key: keys.header) }
        }
    }
}
