import Foundation
import Testing

/// A store at rest with messages of three namespaces, for tests of the commands that look after stores.
struct TestStore {
    static let namespaces = ["alice", "bob", "carol"]

    let directory: TemporaryDirectory
    let path: String

    /// - Parameters:
    ///   - count: Messages of each namespace.
    ///   - key: Where the commands find the master key; nil: in `LATCH_KEY`.
    init(
        in directory: TemporaryDirectory,
        at name: String = "store",
        count: Int = 5,
        key: String? = nil
    ) async throws {
        self.directory = directory
        path = directory.file(name)
        let lines = Self.namespaces.flatMap { namespace in
            (0..<count).map { "{\"topic\":\"\(namespace)/\($0)\",\"payload\":\"\(namespace) \($0)\",\"qos\":1}\n" }
        }
        let source = try directory.write("messages.ndjson", lines.joined())
        let arguments = ["import", source, "--into", path] + (key.map { ["--key", $0] } ?? [])
        try await LatchProgram.run(arguments, key: key == nil ? BrokerConfiguration.key : nil, in: directory)
    }

    /// What a command prints as JSON about this store.
    func json(
        _ command: [String],
        _ more: String...,
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let process = try await LatchProgram.run(
            command + [path] + more + ["--json"],
            in: directory,
            expecting: exit,
            location
        )
        return try Self.object(process.standardOutput, location)
    }

    /// What a command prints for people, and what it complains about.
    func text(
        _ command: [String],
        _ more: String...,
        key: String? = BrokerConfiguration.key,
        environment: [String: String] = [:],
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> (output: String, errors: String) {
        let process = try await LatchProgram.run(
            command + [path] + more,
            key: key,
            environment: environment,
            in: directory,
            expecting: exit,
            location
        )
        // Nothing that is said repeats a key.
        #expect(!process.log.contains(BrokerConfiguration.key), sourceLocation: location)
        return (process.standardOutput, process.standardError)
    }

    /// Every message of a store, by topic, and of what it may be a copy.
    static func messages(
        in path: String,
        key: String? = nil,
        _ directory: TemporaryDirectory,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String: String] {
        let arguments = ["export", path, "--plaintext"] + (key.map { ["--key", $0] } ?? [])
        let export = try await LatchProgram.run(
            arguments,
            key: key == nil ? BrokerConfiguration.key : nil,
            in: directory,
            location
        )
        var messages: [String: String] = [:]
        for line in export.standardOutput.split(separator: "\n") {
            let message = try object(String(line), location)
            messages[message["topic"] as? String ?? ""] = message["payload"] as? String
        }
        return messages
    }

    /// What was put into it.
    static func expected(_ namespaces: [String] = namespaces, count: Int = 5) -> [String: String] {
        var messages: [String: String] = [:]
        for namespace in namespaces {
            for number in 0..<count { messages["\(namespace)/\(number)"] = "\(namespace) \(number)" }
        }
        return messages
    }

    static func object(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(object, "\(text)", sourceLocation: location)
    }

    /// A copy of a directory, as an operator makes one.
    func copy(of source: String, to name: String) throws -> String {
        let target = directory.file(name)
        try FileManager.default.copyItem(atPath: source, toPath: target)
        return target
    }
}
