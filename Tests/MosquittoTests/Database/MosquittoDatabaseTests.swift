import Mosquitto
import Testing

/// Reading mosquitto.db, of every version, whole and damaged.
@Suite struct MosquittoDatabaseTests {
    private func messages(_ database: MosquittoDatabase, includingUnmarked: Bool = false) throws -> [RetainedMessage] {
        var messages: [RetainedMessage] = []
        try database.forEach(includingUnmarked: includingUnmarked) { messages.append(try $0.get()) }
        return messages
    }

    private func topics(_ database: MosquittoDatabase, includingUnmarked: Bool = false) throws -> Set<String> {
        Set(
            try messages(database, includingUnmarked: includingUnmarked).map {
                String(decoding: $0.topic, as: UTF8.self)
            }
        )
    }

    private func text(_ message: RetainedMessage?) -> String? {
        message.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// Queued and retained messages of version 6, one replaced and one cleared.
    private func whole(_ version: UInt32 = 6) -> DatabaseBytes {
        var file = DatabaseBytes(version: version)
        file.chunk(1, [UInt8](repeating: 0, count: 16))
        file.message(1, "a/old", "replaced", qos: 1)
        file.message(2, "a/old", "current", qos: 2)
        file.message(3, "b", "live, queued", isRetained: false)
        file.message(4, "c", "cleared since, queued")
        file.message(5, "d", "last")
        file.chunk(5, [UInt8](repeating: 0, count: 12))
        file.retain(2)
        file.retain(5)
        return file
    }

    @Test func theFixtureOfOneMessageIsRead() throws {
        let database = try MosquittoDatabase(bytes: Fixture(name: "mosquitto/database/tiny.db").bytes())
        #expect(database.version == 6)
        #expect(database.damage.isEmpty && database.unmarkedCount == 0)
        let expected = RetainedMessage(
            topic: Array("my_username/topic".utf8),
            payload: Array("Test message".utf8),
            qos: 0,
            clientID: Array("auto-1".utf8),
            userName: Array("my_username".utf8),
            listenerPort: 1883
        )
        #expect(try messages(database) == [expected])
    }

    /// A file that mosquitto 2.0.11 wrote: replaced, cleared, queued and expired messages, properties, a large payload.
    @Test func aFileOfMosquittoIsRead() throws {
        let database = try MosquittoDatabase(bytes: Fixture(name: "mosquitto/database/mosquitto-2.0.11.db").bytes())
        let messages = try messages(database)
        let byTopic = Dictionary(uniqueKeysWithValues: messages.map { (String(decoding: $0.topic, as: UTF8.self), $0) })
        #expect(database.damage.isEmpty)
        #expect(
            Set(byTopic.keys) == [
                "house/hall/temp", "bob/door", "anonymous/plain", "alice/lasting", "alice/brief", "alice/large",
                "grüße/a b",
            ]
        )
        #expect(text(byTopic["house/hall/temp"]) == "21.5")
        #expect(byTopic["house/hall/temp"]?.qos == 1)
        let door = try #require(byTopic["bob/door"])
        #expect(door.qos == 2 && door.userName == Array("bob".utf8) && door.clientID == Array("sensor-2".utf8))
        #expect(
            try PropertyJSON.list(door.properties) == [
                .init(.payloadFormatIndicator, value: .number(1)),
                .init(.contentType, value: .text("text/plain")),
                .init(.responseTopic, value: .text("bob/answers")),
                .init(.correlationData, value: .text("633066666565")),
                .init(.userProperty, name: "room", value: .text("hall")),
                .init(.userProperty, name: "floor", value: .text("1")),
            ]
        )
        #expect(byTopic["alice/large"]?.payload == [UInt8](repeating: UInt8(ascii: "B"), count: 10_000))
        #expect(byTopic["anonymous/plain"]?.userName == [])
        let now: UInt64 = 1_800_000_000
        #expect(byTopic["alice/brief"]?.isExpired(at: now) == true)
        #expect(byTopic["alice/lasting"]?.isExpired(at: now) == false)
    }

    @Test(arguments: MosquittoDatabase.versions)
    func everyVersionIsRead(version: UInt32) throws {
        let database = try MosquittoDatabase(bytes: whole(version).bytes)
        #expect(database.damage.isEmpty)
        let messages = try messages(database)
        #expect(messages.map { text($0) } == ["current", "last"])
        #expect(messages.first?.qos == 2)
        #expect(messages.allSatisfy { $0.clientID == Array("client".utf8) })
        // Versions 2 and 3 do not know user names.
        #expect(messages.allSatisfy { $0.userName == (version < 4 ? [] : Array("user".utf8)) })
        #expect(messages.allSatisfy { $0.listenerPort == (version < 4 ? 0 : 1883) })
    }

    @Test func queuedCopiesAreNotTakenForRetained() throws {
        let database = try MosquittoDatabase(bytes: whole().bytes)
        #expect(try topics(database) == ["a/old", "d"])
        // Only the cleared one has no newer message of its topic.
        #expect(database.unmarkedCount == 1)
        #expect(try topics(database, includingUnmarked: true) == ["a/old", "c", "d"])
    }

    @Test func aTruncatedFileTellsWhichMarksItMayHaveLost() throws {
        let bytes = whole().bytes
        // Within the last mark, then in front of both.
        let one = try MosquittoDatabase(bytes: Array(bytes.dropLast(3)))
        #expect(one.damageCount == 1)
        #expect(try topics(one) == ["a/old"])
        #expect(try topics(one, includingUnmarked: true) == ["a/old", "c", "d"])
        let both = try MosquittoDatabase(bytes: Array(bytes.dropLast(30)))
        #expect(both.damageCount == 1)
        #expect(try topics(both).isEmpty)
        let salvaged = try messages(both, includingUnmarked: true)
        #expect(Set(salvaged.map { text($0) }) == ["current", "cleared since, queued", "last"])
    }

    /// Whatever is cut off or changed: no crash, and what is handed out is what was there.
    @Test func anyTruncationAndAnyChangedByteIsSurvived() throws {
        let bytes = whole().bytes
        let known = Set(try messages(MosquittoDatabase(bytes: bytes), includingUnmarked: true).map { text($0) })
        for count in 23..<bytes.count {
            let database = try MosquittoDatabase(bytes: Array(bytes[..<count]))
            for message in try messages(database, includingUnmarked: true) {
                #expect(known.union(["replaced"]).contains(text(message)))
            }
        }
        for offset in 23..<bytes.count {
            for bit in [UInt8(0x01), 0x80, 0xFF] {
                var changed = bytes
                changed[offset] ^= bit
                let database = try MosquittoDatabase(bytes: changed)
                database.forEach(includingUnmarked: true) { _ in }
            }
        }
    }

    @Test func whatLiesBehindDamageIsFoundAgain() throws {
        var file = DatabaseBytes(version: 6)
        file.message(1, "a", "one")
        let damagedAt = file.bytes.count
        file.message(2, "b", "two")
        file.message(3, "c", "three")
        for id in UInt64(1)...3 { file.retain(id) }
        var bytes = file.bytes
        // The length of the second chunk now reaches past the end.
        bytes[damagedAt + 4] = 0x7F
        let database = try MosquittoDatabase(bytes: bytes)
        #expect(database.damage.map(\.offset) == [damagedAt])
        #expect(try topics(database) == ["a", "c"])
    }

    @Test func propertiesThatCannotBeReadAreNamed() throws {
        var file = DatabaseBytes(version: 6)
        file.message(1, "a", "one", properties: [0x01, 0x01])
        var bytes = file.bytes
        let propertyLength = bytes.count - 3
        bytes[propertyLength] = 9
        file = DatabaseBytes(version: 6)
        file.retain(1)
        let database = try MosquittoDatabase(bytes: bytes + file.bytes.dropFirst(23))
        var failures: [DatabaseDamage] = []
        database.forEach(includingUnmarked: false) { if case .failure(let damage) = $0 { failures.append(damage) } }
        #expect(failures.map(\.offset) == [23])
    }

    @Test func otherFilesAreRefused() throws {
        #expect(throws: DatabaseError.notADatabase) { try MosquittoDatabase(bytes: []) }
        #expect(throws: DatabaseError.notADatabase) {
            try MosquittoDatabase(bytes: Array("SQLite format 3\0 etc. etc.".utf8))
        }
        #expect(throws: DatabaseError.unsupportedVersion(7)) {
            try MosquittoDatabase(bytes: DatabaseBytes(version: 7).bytes)
        }
        #expect(throws: DatabaseError.unsupportedVersion(1)) {
            try MosquittoDatabase(bytes: DatabaseBytes(version: 1).bytes)
        }
    }
}
