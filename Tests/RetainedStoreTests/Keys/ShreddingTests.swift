import Synchronization
import Testing

@testable import RetainedStore

@Suite("Shredding a namespace") struct ShreddingTests {
    /// Three namespaces with so many messages each, half of them in the index and half in the journal.
    private func fill(_ store: RetainedStore, count: Int = 40) throws {
        let writer = try store.makeWriter()
        for half in 0..<2 {
            for number in 0..<count / 2 {
                for name in ["alice", "bob", "$carol"] {
                    try writer.set("\(name)/\(half)/\(number)", "\(name) \(half) \(number)")
                }
            }
            if half == 0 { try store.checkpoint() }
        }
        try writer.clear("alice/0/1")
        store.waitUntilDurable(try writer.set("alice", "alice herself"))
    }

    private func counts(_ store: RetainedStore) throws -> [Int] {
        let reader = try store.makeReader()
        return try ["alice/#", "bob/#", "$carol/#"].map { try reader.scan($0).count }
    }

    private func verify(_ fixture: StoreFixture, _ name: String = "store") throws -> VerificationReport {
        try RetainedStore.verify(fixture.options(name), masterKey: fixture.masterKey, nowSeconds: 1)
    }

    @Test("its messages are gone, the others' are not, and new ones are taken", arguments: [false, true])
    func shredding(isKeyringApart: Bool) throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = isKeyringApart
        let store = try fixture.open()
        try fill(store)
        let reader = try store.makeReader()
        #expect(try reader.scan("alice/#").count == 40)

        let report = try store.shred(namespace: "alice")
        #expect(report.keyCount == 1 && report.removedCount == 40 && !report.hadSharedKey)
        #expect(report.isKeyringApart == isKeyringApart)
        // The same reader, which had the key at hand.
        #expect(try reader.scan("alice/#").isEmpty)
        #expect(try reader.get("alice") == nil)
        #expect(try counts(store) == [0, 40, 40])
        #expect(store.statistics.indexCount == 80)

        let writer = try store.makeWriter()
        store.waitUntilDurable(try writer.set("alice/new", "again"))
        try store.close()
        #expect(try verify(fixture).isSound)
        let again = try fixture.open()
        #expect(try again.makeReader().scan("alice/#") == ["alice/new": "again"])
        #expect(try counts(again) == [1, 40, 40])
        try again.checkpoint()
        try again.close()
        let verified = try verify(fixture)
        #expect(verified.isSound && verified.setCount == 81 && verified.shreddedCount == 0)
    }

    @Test("a class of its own: a namespace that begins with a dollar sign")
    func dollar() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try fill(store)
        #expect(try store.shred(namespace: "$carol").removedCount == 40)
        #expect(try counts(store) == [40, 40, 0])
    }

    @Test("after it no key opens what the journal, the index or an earlier copy of the store hold of the namespace")
    func byTrying() throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = true
        let store = try fixture.open()
        try fill(store)
        let token = try store.token(ofNamespace: "alice")
        try fixture.copy(to: "backup")
        let old = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly)
        let before = try records(fixture, "backup", old, namespace: token)
        #expect(before.count == 42)
        for record in before { #expect(try opens(record, old) == 1) }

        _ = try store.shred(namespace: "alice")
        let new = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly)
        for record in try before + records(fixture, "store", old, namespace: token) {
            #expect(try opens(record, new) == 0)
        }
        try store.close()

        // The backup, restored beside the keyring as it is now: what was shredded is gone there too, and is not damage.
        FileBytes.write(FileBytes.read(fixture.path("store.keyring")), to: fixture.path("backup.keyring"))
        let verified = try verify(fixture, "backup")
        #expect(verified.isSound && verified.shreddedCount > 0, "\(verified.damage)")
        let restored = try fixture.open("backup")
        #expect(try counts(restored) == [0, 40, 40])
        try restored.checkpoint()
        try restored.close()
        let swept = try verify(fixture, "backup")
        #expect(swept.isSound && swept.shreddedCount == 0 && swept.setCount == 80)
    }

    @Test("killed at any moment of it, a store has the whole namespace or nothing of it", arguments: [false, true])
    func killed(isKeyringApart: Bool) throws {
        let fixture = try StoreFixture()
        fixture.isKeyringApart = isKeyringApart
        let store = try fixture.open()
        try fill(store)
        var copies: [(name: String, moment: Keyring.RewriteMoment)] = []
        _ = try store.shred(namespace: "alice") { moment in
            let name = "killed-\(copies.count)"
            copies.append((name, moment))
            do { try fixture.copy(to: name) } catch { Issue.record(error) }
        }
        try fixture.copy(to: "done")
        #expect(copies.map(\.moment) == Keyring.RewriteMoment.allCases)
        for (name, moment) in copies + [("done", .oldFileOverwritten)] {
            let copy = try fixture.open(name)
            let isGone = moment != .newFileWritten
            #expect(try counts(copy) == [isGone ? 0 : 40, 40, 40], "\(name)")
            let writer = try copy.makeWriter()
            copy.waitUntilDurable(try writer.set("alice/new", "1"))
            try copy.checkpoint()
            try copy.close()
            let verified = try verify(fixture, name)
            #expect(verified.isSound && verified.setCount == (isGone ? 81 : 121), "\(name): \(verified.damage)")
            #expect(verified.shreddedCount == 0)
        }
    }

    @Test("a namespace that shares a key with others goes alone")
    func shared() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        // So many namespaces that those which follow share keys.
        let writer = try store.makeWriter()
        for start in stride(from: 0, to: KeyLimits.namespaceKeysMax, by: 512) {
            try writer.commit((start..<start + 512).map { ("own-\($0)", "x") })
        }
        let names = (0..<300).map { "shared-\($0)" }
        try writer.commit(names.map { ($0 + "/a", "1") })
        try store.checkpoint()
        store.waitUntilDurable(try writer.commit(names.map { ($0 + "/b", "2") }))
        let report = try store.shred(namespace: "shared-7")
        #expect(report.hadSharedKey && report.removedCount == 2 && report.neighbourRecordCount >= 2)
        let reader = try store.makeReader()
        #expect(try reader.scan("shared-7/#").isEmpty)
        for name in names where name != "shared-7" {
            let found = try reader.scan(name + "/#")
            #expect(found == [name + "/a": "1", name + "/b": "2"])
        }
        try store.close()
        #expect(try verify(fixture).isSound)
        #expect(try fixture.open().makeReader().scan("+/a").count == 299)
    }

    @Test("S3: naming a destroyed key makes no other message vanish unnoticed")
    func forgedKeyID() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try fill(store)
        _ = try store.shred(namespace: "alice")
        let shredded = try #require(store.keyring.shreddedKeys.first)
        store.waitUntilDurable(try store.makeWriter().set("alice/new", "again"))
        try store.checkpoint()
        try store.close()
        try IndexContents.change(fixture) { writer in
            for var item in try IndexContents.read(fixture) {
                withUnsafeBytes(of: shredded.id.littleEndian) { item.value.replaceSubrange(8..<24, with: $0) }
                try writer.put(item)
            }
        }
        let report = try verify(fixture)
        #expect(report.damageCount >= 81 && report.shreddedCount == 0)
        #expect(throws: StoreError.self) { try fixture.open().makeReader().get("alice/new") }
    }

    @Test("while others publish, nothing of theirs is lost")
    func underLoad() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 64 << 10
        let store = try fixture.open()
        let write: @Sendable (String) -> Void = { name in
            do {
                let writer = try store.makeWriter()
                for start in stride(from: 0, to: 3_000, by: 10) {
                    try writer.commit((start..<start + 10).map { ("\(name)/\($0 % 500)", "\($0)") })
                }
            } catch {
                Issue.record(error)
            }
        }
        let maintain: @Sendable () -> Void = {
            do {
                for round in 0..<6 {
                    _ = try store.shred(namespace: "mallory")
                    if round % 2 == 0 { try store.rotateKeys(isPaced: false) }
                }
            } catch {
                Issue.record(error)
            }
        }
        try inParallel([{ write("alice") }, { write("mallory") }, maintain])
        try store.waitForRotation()
        let expected = Dictionary(uniqueKeysWithValues: (2_500..<3_000).map { ("alice/\($0 % 500)", "\($0)") })
        let found = try store.makeReader().scan("alice/#")
        #expect(found == expected)
        _ = try store.shred(namespace: "mallory")
        #expect(try store.makeReader().scan("#") == expected)
        try store.close()
        #expect(try verify(fixture).isSound)
        #expect(try fixture.open().makeReader().scan("#") == expected)
    }

    /// A record of a namespace, wherever it was found.
    private struct Found {
        var key: [UInt8]
        var sealed: [UInt8]
        var type: RecordType
        var keyID: DataKeyID
    }

    /// What the files of a store hold of a namespace, with and without effect.
    private func records(
        _ fixture: StoreFixture,
        _ name: String,
        _ opened: OpenedStore,
        namespace: NamespaceToken
    ) throws -> [Found] {
        var found: [Found] = []
        for path in try fixture.segmentPaths(name) {
            let bytes = FileBytes.read(path)
            try bytes.withUnsafeBytes { bytes in
                var offset = SegmentHeader.blockBytes
                while let group = GroupHeader(
                    UnsafeRawBufferPointer(rebasing: bytes[offset...].prefix(GroupHeader.bytes)),
                    bytesMax: bytes.count - offset
                ) {
                    var place = offset + GroupHeader.bytes
                    for _ in 0..<group.recordCount {
                        let record = JournalRecord(base: try #require(bytes.baseAddress) + place)
                        place += record.recordBytes
                        guard BlindTopicKey.namespace(of: record.key) == namespace else { continue }
                        found.append(
                            Found(
                                key: Array(record.key),
                                sealed: Array(record.sealed),
                                type: RecordType(rawValue: record.type) ?? .set,
                                keyID: record.dataKeyID
                            )
                        )
                    }
                    offset += Int(group.groupBytes)
                }
            }
        }
        return found
    }

    /// How many keys of a keyring open a record: each is tried, whatever id the record names.
    private func opens(_ record: Found, _ opened: OpenedStore) throws -> Int {
        var bound = EnvelopeAssociatedData(setID: opened.header.setID)
        var count = 0
        for key in opened.keyring.keys.withLock({ Array($0.byID.values) }) {
            var cipher = try XAESOpener()
            try cipher.prepare(DataKey(id: record.keyID, secret: key.secret, scope: key.scope, generation: 1))
            var plaintext = [UInt8](repeating: 0, count: record.sealed.count)
            let isOpened = record.sealed.withUnsafeBytes { sealed in
                record.key.withUnsafeBytes { blindKey in
                    plaintext.withUnsafeMutableBytes { plaintext in
                        let associatedData = bound.write(
                            recordType: record.type,
                            collection: .retained,
                            blindKey: blindKey,
                            keyID: record.keyID
                        )
                        guard let output = plaintext.baseAddress else { return false }
                        return cipher.open(sealed, associatedData: associatedData, keyID: record.keyID, into: output)
                    }
                }
            }
            if isOpened { count += 1 }
        }
        return count
    }
}
