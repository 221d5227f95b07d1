import Foundation
import Testing

@testable import RetainedStore

/// The store of the released format 1 that stands under `Fixtures/store/v1`, and the broken ones beside it.
///
/// A broken one is what differs from the whole one: files to be replaced, files to be `removed`, and the `error` that
/// opening must give, with `STORE` for the directory. Stores of a released format are never made anew.
enum FixtureStore {
    static let masterKey = Result { () throws(MasterKeyError) in
        try MasterKey(text: String(repeating: "6b", count: 32))
    }

    private static let directory =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path() + "Fixtures/store/"

    /// What is retained in it.
    static let retained: [String: String] = {
        var retained = [
            "house/hall/temp": "22.0", "house/hall/light": "on", "house//empty-level": "1", "grüße/ü": "ä",
            (0..<40).map { "l\($0)" }.joined(separator: "/"): "deep", "big": String(repeating: "b", count: 3_000),
            "new/namespace": "in the journal only",
        ]
        for number in 0..<14 { retained["many/\(number)"] = "newer \(number) " + String(repeating: "x", count: 200) }
        return retained
    }()

    static let broken = (try? FileManager.default.contentsOfDirectory(atPath: directory + "v1-broken").sorted()) ?? []

    /// The whole store.
    static let path = directory + "v1"

    /// A copy of the whole store.
    static func copy(to path: String) throws {
        try FileManager.default.copyItem(atPath: directory + "v1", toPath: path)
    }

    /// Makes a directory a copy again, whatever was done to it.
    static func restore(_ path: String) throws {
        try FileManager.default.removeItem(atPath: path)
        try copy(to: path)
    }

    /// A copy of a broken store; returns the error that opening must give.
    static func copyBroken(_ name: String, to path: String) throws -> String {
        try copy(to: path)
        let changes = directory + "v1-broken/" + name + "/"
        for case let file as String in FileManager.default.enumerator(atPath: changes)?.allObjects ?? [] {
            guard !["removed", "error"].contains(file), let bytes = FileManager.default.contents(atPath: changes + file)
            else { continue }
            try bytes.write(to: URL(filePath: path + "/" + file))
        }
        for file in text(changes + "removed").split(separator: "\n") {
            try FileManager.default.removeItem(atPath: path + "/" + file)
        }
        return text(changes + "error").replacingOccurrences(of: "STORE", with: path)
            .trimmingCharacters(in: .newlines)
    }

    static func options(_ path: String) -> StoreOptions {
        var limits = StoreLimits()
        limits.segmentBytes = 8 << 10
        limits.groupBytesMax = 2 << 10
        limits.overlayEntriesMax = 1_000
        limits.checkpointJournalBytes = 1 << 20
        limits.mapBytes = 1 << 26
        return StoreOptions(location: StoreLocation(directory: path), limits: limits)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
