import Synchronization
import Testing

@testable import RetainedStore

/// What is kept for sessions, beside what is retained.
@Suite struct SessionRecordTests {
    private static let records: Set<SessionRecordText> = [
        SessionRecordText(kind: .session, name: "client", state: "how long", payload: "alice"),
        SessionRecordText(kind: .subscription, name: "alice/#", state: "q1"),
        SessionRecordText(kind: .subscription, name: "alice/door", state: "q2"),
        .message(1, "alice/door", "open"),
        .message(2, "alice/door", "shut"),
        .message(3, "bob", "of another namespace"),
        SessionRecordText(kind: .outgoing, number: 1, state: "of message 1"),
        SessionRecordText(kind: .incoming, number: 1, state: "x"),
        SessionRecordText(kind: .will, number: 4, name: "bob/left", state: "delay", payload: "gone", qos: 2),
        SessionRecordText(kind: .will, number: 5, name: "alice/left", state: "delay", payload: "away", qos: 1),
        SessionRecordText(kind: .will, number: 6, name: "carol", state: "delay", payload: "out", qos: 1),
        .message(1, "alice/door", "of another session", session: 2),
        SessionRecordText(session: 0, kind: .unfinished, number: 7, state: "how many"),
    ]

    private static func expectSound(
        _ fixture: StoreFixture,
        retained: UInt64,
        sessions: UInt64,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let report = try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.isSound, "\(report.damage)", sourceLocation: location)
        #expect(report.setCount == retained, sourceLocation: location)
        #expect(report.sessionRecordCount == sessions, sourceLocation: location)
    }

    @Test("Records are there in the overlay, in the index, in both, and after each opening")
    func everywhere() throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        try store.keepSessions()
        var writer = try store.makeWriter()
        try writer.set("alice/door", "retained")
        try writer.commit(set: Array(Self.records))
        #expect(try store.makeReader().sessionRecords() == Self.records)
        try store.checkpoint()
        #expect(try store.makeReader().sessionRecords() == Self.records)
        #expect(store.statistics.indexCount == 1)
        #expect(store.statistics.sessionIndexCount == UInt64(Self.records.count))
        // One replaced, one removed, one new, with the older ones in the index.
        try writer.commit(
            set: [.message(1, "alice/door", "ajar"), .message(9, "new", "")],
            clear: [.message(2, "alice", "")]
        )
        let expected =
            Self.records.filter { $0.session == 2 || $0.kind != .message || $0.number == 3 }
            .union([.message(1, "alice/door", "ajar"), .message(9, "new", "")])
        #expect(try store.makeReader().sessionRecords() == expected)
        try store.close()
        store = try fixture.open()
        #expect(try store.makeReader().sessionRecords() == expected)
        #expect(store.statistics.sessionIndexCount == UInt64(Self.records.count))
        #expect(store.statistics.sessionOverlayCount == 3)
        #expect(store.statistics.overlayCount == 0)
        try store.checkpoint()
        #expect(store.statistics.sessionIndexCount == UInt64(expected.count))
        #expect(store.statistics.indexCount == 1)
        writer = try store.makeWriter()
        try writer.commit(clear: Array(expected))
        #expect(try store.makeReader().sessionRecords() == [])
        try store.checkpoint()
        #expect(store.statistics.sessionIndexCount == 0)
        #expect(try store.makeReader().get("alice/door") == "retained")
        try store.close()
        try Self.expectSound(fixture, retained: 1, sessions: 0)
    }

    @Test("No scan for retained messages comes upon a session's record")
    func apart() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("alice/door", "retained")
        try writer.set("$app/x", "of the other class")
        try writer.commit(set: Array(Self.records))
        for _ in 0..<2 {
            let reader = try store.makeReader()
            #expect(try reader.scan("#") == ["alice/door": "retained"])
            #expect(try reader.scan("+/+") == ["alice/door": "retained"])
            #expect(try reader.scan("$app/#") == ["$app/x": "of the other class"])
            #expect(try reader.scan("alice/#") == ["alice/door": "retained"])
            try store.checkpoint()
        }
        try store.close()
        try Self.expectSound(fixture, retained: 2, sessions: UInt64(Self.records.count))
    }

    @Test("More records than one transaction reads")
    func many() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        let records = Set((1...3_000).map { SessionRecordText.message(UInt64($0), "t/\($0)", "p") })
        for start in stride(from: 0, to: 3_000, by: 500) {
            try writer.commit(set: Array(records.sorted { $0.number < $1.number }[start..<start + 500]))
        }
        try store.checkpoint()
        try writer.commit(set: [.message(17, "t/17", "again")])
        var expected = records.filter { $0.number != 17 }
        expected.insert(.message(17, "t/17", "again"))
        #expect(try store.makeReader().sessionRecords() == expected)
    }

    @Test("A shred destroys the namespace's messages that wait, and its wills, and no other record")
    func shred() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.makeWriter().commit(set: Array(Self.records))
        _ = try store.shred(namespace: "alice")
        let expected = Self.records.filter { record in
            switch record.kind {
            case .message, .will: !record.name.hasPrefix("alice/")
            case .session, .subscription, .outgoing, .incoming, .unfinished: true
            }
        }
        #expect(try store.makeReader().sessionRecords() == expected)
        try store.close()
        try Self.expectSound(fixture, retained: 0, sessions: UInt64(expected.count))
    }

    @Test("A rotation seals records of sessions anew, too")
    func rotation() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.makeWriter().commit(set: Array(Self.records))
        let generation = try store.rotateKeys(isPaced: false)
        try store.waitForRotation()
        #expect(try store.makeReader().sessionRecords() == Self.records)
        let opened = store.keyring
        let reader = try IndexReader(store.index)
        try reader.begin()
        var item = try reader.first()
        var count = 0
        while let current = item {
            let record = try #require(IndexRecord(current.value))
            #expect(opened.key(id: record.dataKeyID)?.generation == generation)
            count += 1
            item = try reader.next()
        }
        reader.end()
        #expect(count == Self.records.count)
    }

    @Test("A backup has them, and what it becomes")
    func backup() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.keepSessions()
        let writer = try store.makeWriter()
        try writer.commit(set: Array(Self.records))
        try store.checkpoint()
        try writer.commit(clear: [.message(3, "bob", "")])
        _ = try store.backup(to: fixture.path("copy"), nowSeconds: 1, isPaced: false)
        let copy = try fixture.open("copy")
        #expect(try copy.makeReader().sessionRecords() == Self.records.filter { $0.name != "bob" })
        #expect(copy.statistics.sessionIndexCount == UInt64(Self.records.count - 1))
    }

    @Test("S3: a damaged record is said to be, and can be passed over")
    func damage() throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        try store.makeWriter().commit(set: Array(Self.records))
        try store.checkpoint()
        let reader = try IndexReader(store.index)
        try reader.begin()
        let item = try #require(try reader.first())
        let lastByte = IndexReader.fileOffset(of: item.value) + item.value.count - 1
        reader.end()
        try store.close()
        let path = fixture.path() + "/index/data.mdb"
        var bytes = FileBytes.read(path)
        bytes[lastByte] ^= 1
        FileBytes.write(bytes, to: path)
        store = try fixture.open()
        let damaged = try store.makeReader()
        #expect(throws: StoreError.self) { try damaged.sessionRecords() }
        var found: Set<SessionRecordText> = []
        var places: [Damage] = []
        try damaged.forEachSessionRecord {
            found.insert(SessionRecordText($0))
        } damaged: {
            places.append($0)
        }
        #expect(found.count == Self.records.count - 1 && found.isSubset(of: Self.records))
        #expect(places.map(\.file) == [path])
        try store.close()
        let report = try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(!report.isSound && report.sessionRecordCount == UInt64(Self.records.count - 1))
    }

    @Test("The header says that there are such records, once there may be; a version that knows no such flag refuses")
    func feature() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let path = fixture.options().location.headerPath
        #expect(FileBytes.read(path)[12] == 0)
        try store.keepSessions()
        #expect(FileBytes.read(path)[12] == 1)
        let once = FileBytes.read(path)
        try store.keepSessions()
        #expect(FileBytes.read(path) == once)
        try store.close()
        // Key slots are changed with the flag in place.
        try RetainedStore.addKey(
            try MasterKey.random(),
            at: fixture.options().location,
            openedWith: fixture.masterKey
        )
        #expect(FileBytes.read(path)[12] == 1)
        #expect(try fixture.open().hasSessions.load(ordering: .relaxed))
    }

    @Test("The header says that there are wills, once there may be")
    func wills() throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        let path = fixture.options().location.headerPath
        try store.keepSessions()
        try store.keepWills()
        #expect(FileBytes.read(path)[12] == 3)
        try store.makeWriter().commit(set: Array(Self.records))
        // Whatever came between is in the header, too.
        try RetainedStore.addKey(
            try MasterKey.random(),
            at: fixture.options().location,
            openedWith: fixture.masterKey
        )
        _ = try store.backup(to: fixture.path("copy"), nowSeconds: 1, isPaced: false)
        #expect(FileBytes.read(fixture.options("copy").location.headerPath)[12] == 3)
        try store.close()
        let once = FileBytes.read(path)
        store = try fixture.open()
        try store.keepWills()
        try store.keepSessions()
        #expect(FileBytes.read(path) == once)
        try store.close()
        // One that is to have wills from the first session on.
        let other = try StoreFixture()
        try other.open().keepWills()
        #expect(FileBytes.read(other.options().location.headerPath)[12] == 3)
    }

    @Test("A salvage keeps them, wills too")
    func salvage() throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        try store.keepWills()
        let writer = try store.makeWriter()
        try writer.commit(set: Array(Self.records))
        try store.checkpoint()
        try writer.commit(clear: [.message(3, "bob", "")])
        try store.close()
        _ = try RetainedStore.salvage(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        store = try fixture.open()
        #expect(try store.makeReader().sessionRecords() == Self.records.filter { $0.name != "bob" })
        try store.close()
        try Self.expectSound(fixture, retained: 0, sessions: UInt64(Self.records.count - 1))
    }

    @Test("A record's collection is what its key has")
    func collection() throws {
        let key = [UInt8](repeating: 2, count: SessionKey.bytes)
        key.withUnsafeBytes {
            #expect(RecordCollection(ofKey: $0) == .sessions)
            #expect(BlindTopicKey.isWellFormed($0))
            #expect(!BlindTopicKey.isWellFormed(UnsafeRawBufferPointer(rebasing: $0[..<33])))
        }
        let other = [3] + [UInt8](repeating: 2, count: 48)
        other.withUnsafeBytes { #expect(!BlindTopicKey.isWellFormed($0)) }
    }
}
