import Foundation
import Glibc
import Testing

/// A file system of a few megabytes at a broker's data directory, in a mount namespace that only the broker and a shell beside
/// it are in.
///
/// It needs root, or user namespaces; nothing of it is left when both have ended.
struct SmallDisk {
    private static let unshare = "/usr/bin/unshare"
    /// Holds the namespace and does what is written into the pipe, line by line, for five minutes at most.
    private static let script = """
        mount -t tmpfs -o size="$3"m,mode=700 tmpfs "$1" || exit 99
        head -c "$4"M /dev/zero > "$1/filler"
        timeout 300 sh -c 'exec 3<> "$1"; while read -r line <&3 && [ "$line" != exit ]; do sh -c "$line"; done' sh "$2" &
        shift 4
        exec "$@"
        """

    /// What stands before the broker in its command line.
    let launcher: [String]
    private let pipe: String
    private let directory: TemporaryDirectory

    /// - Parameters:
    ///   - megabytes: Of the file system.
    ///   - fillerMegabytes: Of the file `filler` in it.
    init(for configuration: BrokerConfiguration, megabytes: Int, fillerMegabytes: Int) throws {
        directory = configuration.directory
        pipe = directory.file("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        let unshare = try Executable.installed(Self.unshare, package: "util-linux")
        launcher =
            [unshare] + Self.namespaces
            + [
                "/bin/sh", "-c", Self.script, "sh", configuration.dataPath, pipe, "\(megabytes)", "\(fillerMegabytes)",
            ]
    }

    private static var namespaces: [String] { (geteuid() == 0 ? [] : ["--user", "--map-root-user"]) + ["--mount"] }

    /// Whether the machine lets this account mount something for itself.
    static let isAvailable: Bool = {
        guard let directory = try? TemporaryDirectory(),
            let process = try? ChildProcess(
                unshare,
                namespaces + ["/bin/mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                in: directory
            )
        else { return false }
        while process.poll() == nil { usleep(1_000) }
        return process.poll() == .code(0)
    }()

    /// Runs a command where the broker sees its disk, and returns its exit code and what it printed.
    @discardableResult
    func run(_ command: String) async throws -> (code: String, output: String) {
        let mark = directory.file("mark-\(UUID().uuidString.prefix(8))")
        write("{ \(command); } > \(mark).out 2>&1; echo $? > \(mark).tmp; mv \(mark).tmp \(mark)")
        let deadline = Date(timeIntervalSinceNow: 60)
        while !FileManager.default.fileExists(atPath: mark) {
            try #require(Date() < deadline, "'\(command)' does not end")
            try await Task.sleep(for: .milliseconds(10))
        }
        return (Self.text(mark).trimmingCharacters(in: .whitespacesAndNewlines), Self.text(mark + ".out"))
    }

    /// Ends the shell.
    func end() {
        write("exit")
    }

    private func write(_ line: String) {
        let descriptor = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let bytes = Array((line + "\n").utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
