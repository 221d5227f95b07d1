import ArgumentParser
import Mosquitto
import RetainedStore
import Testing

@testable import LatchCommands

/// What an import takes over, leaves, and counts.
@Suite struct ImportRunTests {
    private let directory: TemporaryDirectory
    private let access: StoreAccess
    private static let now: UInt64 = 1_800_000_000

    init() throws {
        directory = try TemporaryDirectory()
        _ = try NewKeyFile.create(at: directory.file("a.key"))
        let keys = try KeyOptions.parse(["--key-file", directory.file("a.key")])
        access = StoreAccess(directory.file("store"), keys: keys, for: "import") { _ in nil }
    }

    private func message(_ topic: String, _ payload: String, expiry: UInt64 = 0) -> RetainedMessage {
        RetainedMessage(topic: Array(topic.utf8), payload: Array(payload.utf8), qos: 1, expirySeconds: expiry)
    }

    private func transfer(
        _ items: [SourceItem],
        filters: [String] = [],
        isReplacing: Bool = false,
        isDryRun: Bool = false
    ) throws -> ImportTally {
        var run = ImportRun(
            source: ListedSource(name: "test", items: items),
            selection: try MessageSelection.parse(filters.flatMap { ["--filter", $0] }),
            isReplacing: isReplacing,
            nowSeconds: Self.now
        )
        _ = try run.survey()
        let store = try StoreAccess.exists(at: access.directory) ? access.open() : isDryRun ? nil : access.create()
        var progress = ProgressLine(isTerminal: false)
        try run.transfer(to: store, isDryRun: isDryRun, progress: &progress)
        try store?.close()
        return run.tally
    }

    private func contents() throws -> [String: String] {
        let store = try access.open()
        var contents: [String: String] = [:]
        try StoreSource(store, selection: try MessageSelection.parse([])).forEach { item in
            guard case .message(let message) = item else { return }
            contents[String(decoding: message.topic, as: UTF8.self)] = String(decoding: message.payload, as: UTF8.self)
        }
        try store.close()
        return contents
    }

    @Test func everyMessageIsCountedOnceAndTheSameAgainChangesNothing() throws {
        let items: [SourceItem] = [
            .message(message("a", "1")), .message(message("b/c", "2")), .message(message("b/d", "3", expiry: Self.now)),
            .message(message("b/e", "4", expiry: Self.now + 1)), .message(message("x", "5")),
            .message(message("bad/+", "6")), .message(message("empty", "")), .unreadable("line 8"),
        ]
        let first = try transfer(items, filters: ["a", "b/#"])
        #expect(first == ImportTally(found: 8, imported: 3, unchanged: 0, kept: 0, expired: 1, leftOut: 1, unusable: 3))
        let second = try transfer(items, filters: ["a", "b/#"])
        #expect(
            second == ImportTally(found: 8, imported: 0, unchanged: 3, kept: 0, expired: 1, leftOut: 1, unusable: 3)
        )
        #expect(try contents() == ["a": "1", "b/c": "2", "b/e": "4"])
    }

    @Test func whatTheStoreHasStaysUnlessItIsToBeReplaced() throws {
        #expect(try transfer([.message(message("a", "old"))]).imported == 1)
        #expect(try transfer([.message(message("a", "other"))]) == ImportTally(found: 1, kept: 1))
        #expect(try contents() == ["a": "old"])
        #expect(try transfer([.message(message("a", "other"))], isReplacing: true).imported == 1)
        #expect(try contents() == ["a": "other"])
    }

    @Test func aDryRunWritesNothing() throws {
        #expect(try transfer([.message(message("a", "1"))], isDryRun: true).imported == 1)
        #expect(!Directory.exists(directory.file("store")))
        #expect(try transfer([.message(message("a", "1"))]).imported == 1)
        #expect(try transfer([.message(message("a", "2"))], isReplacing: true, isDryRun: true).imported == 1)
        #expect(try contents() == ["a": "1"])
    }

    @Test func moreThanOneBatchIsTakenWhole() throws {
        let count = 2 * MessageBatch.countMax + 7
        let items = (0..<count).map { SourceItem.message(message("many/\($0)", "value \($0)")) }
        #expect(try transfer(items).imported == count)
        #expect(try transfer(items).unchanged == count)
        let contents = try contents()
        #expect(contents.count == count)
        #expect(contents["many/\(MessageBatch.countMax)"] == "value \(MessageBatch.countMax)")
    }
}
