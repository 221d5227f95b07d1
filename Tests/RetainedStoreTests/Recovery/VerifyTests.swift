import Glibc
import Testing

@testable import RetainedStore

@Suite struct VerifyTests {
    private func verify(_ fixture: StoreFixture, key: Bool = true) throws -> VerificationReport {
        try RetainedStore.verify(
            fixture.options(),
            masterKey: key ? fixture.masterKey : nil,
            nowSeconds: 1_000
        )
    }

    /// A closed store with 300 messages in the index, and 20 sets, 10 clears and 5 expired ones in the journal.
    private func filled() throws -> StoreFixture {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<300 { try writer.set("i/\(number)", "value \(number)") }
        try store.checkpoint()
        for number in 0..<10 { try writer.set("i/\(number)", "newer") }
        for number in 0..<10 { try writer.set("j/\(number)", "new") }
        for number in 20..<30 { try writer.clear("i/\(number)") }
        for number in 0..<5 { try writer.set("e/\(number)", "old", expirySeconds: 999) }
        try store.close()
        return fixture
    }

    @Test("A sound store is reported as such, by state, and nothing in it changes")
    func sound() throws {
        let fixture = try filled()
        let index = FileBytes.read(fixture.path() + "/index/data.mdb")
        var progress: [VerificationProgress] = []
        let report = try RetainedStore.verify(
            fixture.options(),
            masterKey: fixture.masterKey,
            nowSeconds: 1_000
        ) { progress.append($0) }
        #expect(report.isSound, "\(report.damage)")
        #expect(report.hadKey)
        #expect(report.indexRecordCount == 300)
        #expect(report.setCount == 300)
        #expect(report.clearedCount == 10)
        #expect(report.expiredCount == 5)
        #expect(progress.last == VerificationProgress(part: .index, doneCount: 300, totalCount: 300))
        #expect(FileBytes.read(fixture.path() + "/index/data.mdb") == index)
    }

    @Test("Without the key the structure is checked, and that is what the report says")
    func withoutKey() throws {
        let fixture = try filled()
        let report = try verify(fixture, key: false)
        #expect(report.isSound, "\(report.damage)")
        #expect(!report.hadKey)
        #expect(report.indexRecordCount == 300)
        #expect(report.journalRecordCount == 335)
        #expect(report.setCount == 0)
    }

    @Test("S3: a record that was taken out of the index is noticed by the digest")
    func removed() throws {
        let fixture = try filled()
        try change(fixture) { writer in try writer.deleteFirst() }
        let report = try verify(fixture)
        #expect(report.damage.map(\.field) == ["number of records", "bytes of values", "set digest"])
    }

    @Test("S3: a record that was put back at its older version is noticed by the digest alone")
    func rolledBack() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("t", "one")
        try store.checkpoint()
        try store.close()
        let old = try IndexContents.read(fixture)
        let again = try fixture.open()
        try again.makeWriter().set("t", "two")
        try again.checkpoint()
        try again.close()
        try change(fixture) { writer in try writer.put(old[0]) }
        let report = try verify(fixture)
        #expect(report.damage.map(\.field) == ["set digest"])
    }

    @Test("S3: a record moved to another topic's key does not open")
    func moved() throws {
        let fixture = try filled()
        let contents = try IndexContents.read(fixture)
        try change(fixture) { writer in
            try writer.put(IndexContents.Item(key: contents[0].key, value: contents[1].value))
        }
        let report = try verify(fixture)
        #expect(report.damage.first?.field == "envelope")
        #expect(report.damageCount >= 2)
    }

    @Test(
        "S3: a key in the index that can not be a topic's is damage to who scans and a finding to verify",
        arguments: [1, 18]
    )
    func malformedKey(bytes: Int) throws {
        let fixture = try filled()
        try change(fixture) { writer in
            try writer.put(IndexContents.Item(key: Array(repeating: 0, count: bytes), value: [1]))
        }
        #expect(try verify(fixture).damage.contains { $0.field == "blind key" })
        let store = try fixture.open()
        #expect(throws: StoreError.self) { try store.makeReader().scan("#") }
    }

    @Test("S3: an envelope that holds another topic than the one it stands under is damage, though it opens")
    func wrongTopic() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("t/right", "1")
        try store.checkpoint()
        try store.close()
        // As a writer with a fault would have sealed it: bound to the key of one topic, with another one inside.
        let opened = try OpenedStore(fixture.options().location, fixture.masterKey)
        let sealer = try Sealer(setID: opened.header.setID, keyring: opened.keyring)
        let key = try #require(try IndexContents.read(fixture).first).key
        var item = IndexContents.Item(key: key, value: [])
        try Array("t/wrong".utf8).withUnsafeBytes { topic in
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            let parts = MessageParts(
                topic: topic,
                clientID: none,
                userName: none,
                properties: none,
                payload: none,
                qos: 0,
                listenerPort: 0,
                publishTimeMilliseconds: 0,
                expiryTimeSeconds: 0
            )
            let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: sealer.sealedBytes(of: parts), alignment: 8)
            defer { slot.deallocate() }
            try key.withUnsafeBytes { key in
                let dataKey = try sealer.dataKey(forNamespace: BlindTopicKey.namespace(of: key))
                try sealer.beginBatch()
                sealer.seal(parts, recordType: .set, blindKey: key, key: dataKey, into: slot)
                item.value = [1] + Array(repeating: 0, count: 7)
                withUnsafeBytes(of: dataKey.id.littleEndian) { item.value += Array($0) }
                item.value += [1, 1, 0, 0, 0, 0, 0, 0] + Array(slot)
            }
        }
        try change(fixture) { writer in try writer.put(item) }
        let report = try verify(fixture)
        #expect(report.damage.contains { $0.field == "blind key" && $0.expected == "that of the topic inside" })
    }

    @Test("S3: every changed byte of a record in the index is found, and reading it throws instead of delivering")
    func changedBytes() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.makeWriter().set("t", "payload")
        try store.checkpoint()
        try store.close()
        let contents = try IndexContents.read(fixture)
        for offset in contents[0].value.indices {
            var item = contents[0]
            item.value[offset] ^= 4
            try change(fixture) { writer in try writer.put(item) }
            let isFound: Bool
            do {
                isFound = try !verify(fixture).isSound
            } catch StoreError.unsupported {
                isFound = true
            }
            #expect(isFound || (26..<32).contains(offset), "offset \(offset)")
            let damaged = try fixture.open()
            let payload = Result { try damaged.makeReader().get("t") }
            // A changed version does not show here, and harms nobody: verify finds it.
            if case .success(let value) = payload { #expect(value == "payload", "offset \(offset)") }
            try damaged.close()
        }
    }

    @Test("recover says what was replayed and what it verified")
    func recover() throws {
        let fixture = try filled()
        let report = try RetainedStore.recover(
            fixture.options(),
            masterKey: fixture.masterKey,
            nowSeconds: 1_000
        )
        #expect(report.opening.replayedCount == 35)
        #expect(report.opening.tornBytes == 0)
        #expect(report.verification.isSound)
        #expect(report.verification.setCount == 300)
    }

    @Test("A store in use can not be verified")
    func busy() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        #expect(throws: StoreError.busy(directory: fixture.path())) { try verify(fixture) }
        try store.close()
    }

    /// Changes the index behind the store's back, as an attacker with the disk would.
    private func change(_ fixture: StoreFixture, _ body: (IndexContents.Writer) throws -> Void) throws {
        try IndexContents.change(fixture, body)
    }
}
