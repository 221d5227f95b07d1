import Foundation
import RetainedStore
import Synchronization
import Testing

/// The examples of the page "Using the store from a program", compiled and run: `documented` compares them with the page.
@Suite("Examples") struct UsingTheStoreTests {
    private let place = TemporaryDirectory()
    private let now: UInt64 = 1

    @Test("run as they stand in the documentation")
    func examples() async throws {
        let directory = place.file("store")
        let keyring = place.file("keyring")
        let copy = place.file("copy")
        let (options, key) = try created(directory, keyring)
        let store = try RetainedStore.open(options, masterKey: key)
        try await used(store)
        try store.checkpoint()
        let backup = try store.backup(to: copy, nowSeconds: now)
        #expect(backup.recordCount == 2)
        try store.close()
        let report = try RetainedStore.verify(options, masterKey: key, nowSeconds: now)
        precondition(report.isSound)
        #expect(report.setCount == 2)
    }

    private func created(_ directory: String, _ keyring: String) throws -> (StoreOptions, MasterKey) {
        let key = try MasterKey.random()
        let options = StoreOptions(location: StoreLocation(directory: directory, keyring: keyring))
        let store = try RetainedStore.create(options, masterKey: key)
        try store.close()
        return (options, key)
    }

    private func used(_ store: RetainedStore) async throws {
        let client = try StoreClient(store)
        let lsn = try await client.set(StoredMessage(topic: "house/hall/temp", payload: Array("21.5".utf8)))
        try await client.durable(through: lsn)
        #expect(store.durableLSN >= lsn)
        try await client.set([
            StoredMessage(topic: "house/attic/temp", payload: Array("30".utf8)),
            StoredMessage(topic: "house/door", payload: Array("shut".utf8)),
        ])
        if let message = try await client.get("house/hall/temp", now: now) {
            print(message.topic, String(decoding: message.payload, as: UTF8.self))
        }
        for try await message in client.messages(matching: "house/+/temp", now: now) {
            print(message.topic, message.payload.count)
        }
        let bytes = Atomic<Int>(0)
        try await client.forEach(matching: "house/#", now: now) { view in
            bytes.add(view.payload.count, ordering: .relaxed)
        }
        #expect(bytes.load(ordering: .relaxed) == 10)
        try await client.clear(topic: "house/hall/temp")
        #expect(try await client.get("house/hall/temp", now: now) == nil)
    }

    @Test("every example of the documentation is among those that run")
    func documented() throws {
        let file = URL(fileURLWithPath: #filePath)
        let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = root.appendingPathComponent("Sources/RetainedStore/RetainedStore.docc/UsingTheStore.md")
        let code = Self.withoutIndentation(try String(contentsOf: file, encoding: .utf8))
        var count = 0
        for (index, part) in try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```").enumerated()
        where index % 2 == 1 {
            let example = Self.withoutIndentation(String(part.drop { $0 != "\n" }.dropFirst()))
            #expect(code.contains(example), "\(example)")
            count += 1
        }
        #expect(count == 9)
    }

    private static func withoutIndentation(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }
}
