import Foundation
import RetainedStore
import RetainedStoreSimulation
import Testing

/// D1 for the moment at which a compaction's copy takes the index's place: no sync may be missing around it.
@Suite(.serialized, .onSimulationThread) struct CompactionTests {
    private static let copy = "index/compacting.mdb"
    private static let index = "index/data.mdb"

    @Test(
        "D1: the copy is on the disk before it gets the index's name, and the name before anything is written",
        arguments: [true, false]
    )
    func order(isInUse: Bool) async throws {
        let parent = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath().path()
        let directory = parent + "latch-compaction-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var limits = StoreLimits()
        limits.segmentBytes = 1 << 20
        limits.mapBytes = 1 << 28
        let options = StoreOptions(location: StoreLocation(directory: directory), limits: limits)
        let masterKey = try MasterKey(text: String(repeating: "6b", count: 32))
        let store = try RetainedStore.create(options, masterKey: masterKey)
        let client = try StoreClient(store)
        let payload = [UInt8](repeating: 0x78, count: 400)
        try await client.set((0..<300).map { StoredMessage(topic: "t/\($0)", payload: payload) })
        try store.checkpoint()
        for number in 0..<290 { try await client.clear(topic: "t/\(number)") }
        try store.checkpoint()
        try await client.set(StoredMessage(topic: "t/1", payload: payload))
        if !isInUse { try store.close() }
        let operations = try FileOperation.watching(directory) {
            if isInUse {
                _ = try store.compact(isPaced: false)
                try store.checkpoint()
            } else {
                _ = try RetainedStore.compact(options)
            }
        }
        if isInUse { try store.close() }
        let place = try #require(operations.firstIndex(of: .rename(Self.copy, to: Self.index)))
        let before = operations[..<place]
        let lastWrite = try #require(before.lastIndex(of: .write(Self.copy)))
        let lastSync = try #require(before.lastIndex(of: .sync(Self.copy)))
        #expect(lastWrite < lastSync)
        let directorySync = try #require(operations[place...].firstIndex(of: .sync("index")))
        let nextWrite = operations[place...].firstIndex(of: .write(Self.index))
        #expect(nextWrite.map { directorySync < $0 } ?? !isInUse)
    }
}
