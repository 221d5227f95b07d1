import Mosquitto
import Testing

/// What mosquitto 2.1's tools and plugins write: a dump as JSON, and the sqlite store with the same messages.
@Suite struct DumpAndSQLiteTests {
    private func check(_ messages: [RetainedMessage?]) throws {
        let byTopic = Dictionary(
            uniqueKeysWithValues: messages.compactMap(\.self).map { (String(decoding: $0.topic, as: UTF8.self), $0) }
        )
        #expect(messages.count == 5)
        // Its column has numeric affinity in sqlite, so that the topic 123 is stored as a number.
        #expect(Set(byTopic.keys) == ["house/hall/temp", "bob/door", "alice/brief", "anonymous/binary", "123"])
        #expect(byTopic["house/hall/temp"]?.payload == Array("21.5".utf8))
        #expect(byTopic["alice/brief"]?.expirySeconds == 1)
        let binary = try #require(byTopic["anonymous/binary"])
        #expect(binary.payload == [0xFF, 0, 1] && binary.clientID.isEmpty && binary.userName.isEmpty)
        #expect(binary.expirySeconds == 5_995_695_637)
        let door = try #require(byTopic["bob/door"])
        #expect(door.qos == 2 && door.listenerPort == 9001 && door.userName == Array("bob".utf8))
        #expect(
            try PropertyJSON.list(door.properties) == [
                .init(.payloadFormatIndicator, value: .number(1)),
                .init(.contentType, value: .text("text/plain")),
                .init(.responseTopic, value: .text("bob/answers")),
                .init(.correlationData, value: .text("C0FFEE")),
                .init(.userProperty, name: "room", value: .text("hall")),
            ]
        )
    }

    @Test func aDumpIsRead() throws {
        let fixture = Fixture(name: "mosquitto/database/db_dump-2.1.json")
        try check(try MosquittoDump(json: fixture.bytes(), file: fixture.path).messages)
    }

    @Test func aSQLiteStoreIsRead() throws {
        let store = try SQLiteStore(path: Fixture(name: "mosquitto/database/persist-sqlite-1.1.sqlite3").path)
        #expect(try store.count() == 5)
        var messages: [RetainedMessage?] = []
        try store.forEach { messages.append($0) }
        try check(messages)
    }

    @Test func otherFilesAreRefused() throws {
        #expect(throws: MosquittoFileError.self) { try MosquittoDump(json: Array("{}".utf8), file: "FILE") }
        #expect(throws: MosquittoFileError.self) { _ = try SQLiteStore(path: "/nonexistent/store") }
        let database = try SQLiteStore(path: Fixture(name: "mosquitto/database/tiny.db").path)
        #expect(throws: MosquittoFileError.self) { try database.count() }
    }
}
