import Glibc
import Testing

@testable import RetainedStore

@Suite("A client of the store") struct StoreClientTests {
    @Test("what was set comes back whole")
    func wholeMessage() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let client = try StoreClient(store)
        var message = StoredMessage(topic: "ü/a", payload: [0, 1, 2])
        message.properties = [1, 1]
        message.qos = 2
        message.clientID = "client"
        message.userName = "user"
        message.listenerPort = 1_883
        message.publishTimeMilliseconds = 5
        message.expirySeconds = 100
        let lsn = try await client.set(message)
        message.version = lsn
        #expect(try await client.get("ü/a", now: 99) == message)
        #expect(try await client.get("ü/a", now: 100) == nil)
    }

    @Test("an iteration hands out everything that matches, once, and leaves the others to go on")
    func iterating() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let client = try StoreClient(store)
        let topics = (0..<2_000).map { "t/\($0 % 20)/\($0)" }
        try await client.set(topics.map { StoredMessage(topic: $0, payload: [1]) })
        var found: [String] = []
        for try await message in client.messages(matching: "t/7/#", now: 1) {
            // The client is free between two batches, and within one.
            try await client.set(StoredMessage(topic: "other/\(found.count)", payload: []))
            found.append(message.topic)
        }
        #expect(Set(found) == Set(topics.filter { $0.hasPrefix("t/7/") }) && found.count == 100)
        var all = 0
        for try await _ in client.messages(matching: "#", now: 1) { all += 1 }
        #expect(all == 2_100)
        for try await _ in client.messages(matching: "a/#/b", now: 1) { Issue.record("no filter") }
    }

    @Test("those who wait for durability are answered, also by a store that fails or closes")
    func durability() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let client = try StoreClient(store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let lsn = try await client.set(StoredMessage(topic: "t/\(number)", payload: [1]))
                    try await client.durable(through: lsn)
                    #expect(store.durableLSN >= lsn)
                }
            }
            try await group.waitForAll()
        }
        // One that nobody has ordered.
        let never = Task { try await store.durable(through: 1_000) }
        try store.close()
        await #expect(throws: StoreError.closed) { try await never.value }
        await #expect(throws: StoreError.closed) { try await store.durable(through: 2_000) }
        try await store.durable(through: 20)
        await #expect(throws: StoreError.closed) {
            try await client.set(StoredMessage(topic: "t/1", payload: []))
        }
    }

    @Test("a failed store answers those who wait")
    func failing() async throws {
        let fixture = try StoreFixture()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let client = try StoreClient(store)
        try await client.durable(through: try await client.set(StoredMessage(topic: "a", payload: [1])))
        disk.refuse(.sync, EIO)
        let lsn = try await client.set(StoredMessage(topic: "a", payload: [2]))
        await #expect(throws: StoreError.self) { try await client.durable(through: lsn) }
    }
}
