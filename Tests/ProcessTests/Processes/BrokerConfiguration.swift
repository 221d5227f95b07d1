import Foundation
import Glibc
import Testing

/// What a broker of a test is configured with: a mosquitto.conf that it writes, a key, and its ports.
struct BrokerConfiguration {
    /// A key that no test shares with a person.
    static let key = String(repeating: "6b", count: 32)
    static let otherKey = String(repeating: "99", count: 32)

    let directory: TemporaryDirectory
    var port: Int
    var webSocketPort: Int
    /// Lines that follow each of the two listeners.
    var listenerLines: [String] = []
    /// Lines in addition to listeners and persistence.
    var lines: [String] = []
    /// `allow_anonymous`
    var allowsAnonymous = true
    /// The text of the aclfile; `nil`: no ACL.
    var acl: String?
    /// The whole configuration file, in place of the one that is made here.
    var wholeText: String?
    /// Log everything (`-v`), so that a failed test says why.
    var isVerbose = true
    /// What stands before the broker in its command line: a program that takes it as its last arguments.
    var launcher: [String] = []
    /// More of the broker's environment.
    var environment: [String: String] = [:]
    /// The environment's `LATCH_KEY`; `nil`: none is given.
    var masterKey: String? = Self.key

    init(in directory: TemporaryDirectory) throws {
        self.directory = directory
        port = try FreePort.next()
        webSocketPort = try FreePort.next()
    }

    /// Where the store's files are.
    var dataPath: String { directory.file("data") }
    var storePath: String { dataPath + "/latch" }
    var aclPath: String { directory.file("aclfile") }
    var configurationPath: String { directory.file("mosquitto.conf") }

    /// The configuration file's text.
    var text: String {
        var text = ["listener \(port) 127.0.0.1"] + listenerLines
        text += ["listener \(webSocketPort) 127.0.0.1", "protocol websockets"] + listenerLines
        text += [
            "allow_anonymous \(allowsAnonymous)",
            "persistence true",
            "persistence_location \(dataPath)",
        ]
        // Started as root, a broker gives its rights away, and with them the way into this test's directory.
        if geteuid() == 0 { text.append("user root") }
        if acl != nil { text.append("acl_file \(aclPath)") }
        return (text + lines).joined(separator: "\n") + "\n"
    }

    /// Writes the files that a broker reads.
    func write() throws {
        try FileManager.default.createDirectory(atPath: dataPath, withIntermediateDirectories: true)
        try directory.write("mosquitto.conf", wholeText ?? text)
        if let acl { try directory.write("aclfile", acl) }
    }

    /// Starts a broker and waits until it says that it runs.
    func start(_ location: SourceLocation = #_sourceLocation) async throws -> RunningBroker {
        try write()
        let process = try launch()
        _ = try await process.wait(30, "the broker runs", location) { () -> Bool? in
            if let exit = process.poll() {
                Issue.record("the broker did not start: \(exit)\n\(process.log)", sourceLocation: location)
                throw BrokerDidNotStart(exit: exit)
            }
            return process.log.contains(" running\n") ? true : nil
        }
        return RunningBroker(process: process, configuration: self)
    }

    /// Starts a broker that may end before it runs, and waits for the one or the other.
    func startOrEnd(_ location: SourceLocation = #_sourceLocation) async throws -> ChildProcess {
        try write()
        let process = try launch()
        _ = try await process.wait(30, "the broker runs or ends", location) {
            process.poll() != nil || process.log.contains(" running\n") ? true : nil
        }
        return process
    }

    /// Starts a broker that is expected to refuse, and returns its exit and its words.
    func refusal(_ location: SourceLocation = #_sourceLocation) async throws -> (exit: Exit, log: String) {
        try write()
        let process = try launch()
        let exit = try await process.end(withinSeconds: 30, location)
        return (exit, process.log)
    }

    private func launch() throws -> ChildProcess {
        var environment = environment
        environment["HOME"] = directory.path
        if let masterKey { environment["LATCH_KEY"] = masterKey }
        let verb = Executable.isMosquitto ? [] : ["serve"]
        let command =
            try launcher + [Executable.broker()] + verb + ["-c", configurationPath] + (isVerbose ? ["-v"] : [])
        return try ChildProcess(
            command[0],
            Array(command.dropFirst()),
            environment: environment,
            in: directory
        )
    }
}
