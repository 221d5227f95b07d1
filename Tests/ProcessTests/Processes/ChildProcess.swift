import Foundation
import Glibc
import Testing

/// A process that a test started: its output in files, its end by its own number only.
///
/// Started with posix_spawn(3) directly, with an environment of its own; the exit status comes from
/// waitpid(2), so that a signal is told apart from a code.
final class ChildProcess {
    let pid: pid_t
    private let name: String
    private let outputPath: String
    private let errorPath: String
    private var ended: Exit?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: the whole environment, apart from `PATH`.
    ///   - directory: where its output goes; it is also its working directory's stand-in for `HOME`.
    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in directory: TemporaryDirectory
    ) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        let mark = UUID().uuidString.prefix(8)
        outputPath = directory.file("\(name)-\(mark).out")
        errorPath = directory.file("\(name)-\(mark).err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // The threads that run tests block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var variables = environment
        variables["PATH"] = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
        try #require(status == 0, "\(path): \(String(cString: strerror(status)))")
        self.pid = pid
    }

    deinit {
        if poll() == nil {
            Glibc.kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
    }

    /// How the process ended; `nil` while it runs.
    func poll() -> Exit? {
        if let ended { return ended }
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { ended = Exit(waitStatus: status) }
        return ended
    }

    /// Waits for the end; a process that does not end in time is a failure of the test.
    @discardableResult
    func end(withinSeconds seconds: Double = 60, _ location: SourceLocation = #_sourceLocation) async throws -> Exit {
        try await wait(seconds, "\(name) ends", location) { poll() }
    }

    /// Waits until the condition gives a value.
    func wait<Value>(
        _ seconds: Double,
        _ what: String,
        _ location: SourceLocation = #_sourceLocation,
        until condition: () throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let value = try condition() { return value }
            try #require(
                ContinuousClock.now < deadline,
                "waited \(seconds) s in vain until \(what)\n\(standardError.suffix(2_000))",
                sourceLocation: location
            )
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func signal(_ number: Int32) {
        if poll() == nil { Glibc.kill(pid, number) }
    }

    /// Ends it as a power cut of the process would: SIGKILL, no last words.
    func kill() async throws {
        signal(SIGKILL)
        try await end()
    }

    var standardOutput: String { Self.text(outputPath) }
    var standardError: String { Self.text(errorPath) }
    /// Both streams: mosquitto logs to the second, some programs to the first.
    var log: String { standardOutput + standardError }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
