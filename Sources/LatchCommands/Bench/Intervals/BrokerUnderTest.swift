import Glibc

/// This program as `latch serve`, in a process and a directory of its own, ended by its own process id only.
///
/// One of these is one store; its process may be started and ended again and again.
final class BrokerUnderTest {
    /// What the process was ended with, and what it had used.
    struct End {
        /// As waitpid(2) gives it.
        let status: Int32
        /// Bytes that the process made the kernel write to disks: `ru_oublock` of getrusage(2), in blocks of 512.
        let bytesWritten: Int
    }

    /// Ports below those that the kernel hands out by itself: no connection takes one between the choice and its use.
    private static let ports: ClosedRange<UInt16> = 10_000...29_999
    private static let startSecondsMax = 60
    private static let key = String(repeating: "5c", count: 32)

    let directory: String
    let url: BrokerURL
    private let configurationPath: String
    private var pid: pid_t = 0

    /// - Parameters:
    ///   - directory: absent so far; everything that the broker writes lies there.
    ///   - directives: lines of its mosquitto.conf.
    init(directory: String, directives: [String]) throws(LoadFailure) {
        self.directory = directory
        guard mkdir(directory, 0o700) == 0 else { throw .file(path: directory, errno: errno) }
        let port = try Self.freePort()
        url = .loopback(port: port)
        configurationPath = directory + "/mosquitto.conf"
        var lines = [
            "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence true",
            "persistence_location \(directory)/",
        ]
        if geteuid() == 0 { lines.append("user root") }
        let text = (lines + directives).joined(separator: "\n") + "\n"
        try RecordFile.write(text: text, path: configurationPath)
    }

    deinit {
        if pid > 0 { _ = try? kill() }
        Directory.remove(directory)
    }

    /// Starts the process; it may not be listening yet when this returns.
    ///
    /// - Parameter losesUnsyncedWrites: whether a kill is to do what a power cut would.
    func start(losesUnsyncedWrites: Bool = false) throws(LoadFailure) {
        precondition(pid == 0, "a store has one process at a time")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        let log = directory + "/log"
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var arguments = ["latch", "serve", "-c", configurationPath]
        if losesUnsyncedWrites { arguments.append("--lose-unsynced-writes") }
        // A key for messages that are all alike and gone in a minute is no secret.
        let environment = ["PATH=/usr/bin:/bin", "LATCH_KEY=\(Self.key)"]
        var argumentVector = arguments.map { strdup($0) } + [nil]
        var environmentVector = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentVector + environmentVector { free(pointer) } }
        let result = posix_spawn(&pid, "/proc/self/exe", &actions, nil, &argumentVector, &environmentVector)
        guard result == 0 else {
            pid = 0
            throw .file(path: "/proc/self/exe", errno: result)
        }
    }

    /// Publishes one message as soon as the broker takes it, and returns when it is acknowledged.
    func publishFirst(topic: String) throws(LoadFailure) {
        let deadline = LoadClock.now() + UInt64(Self.startSecondsMax) * 1_000_000_000
        while true {
            do throws(LoadFailure) {
                let connection = try LoadConnection(
                    url: url,
                    version: .mqtt311,
                    clientIdentifier: "latch-bench-first",
                    username: nil,
                    password: nil,
                    packetBytesMax: 1_024
                )
                connection.append(LoadPacket.publish(topic: topic, identifier: 1, payload: Array("first".utf8)))
                try connection.exchange("PUBLISH") { (first, body) in first == 0x40 && body.count == 2 }
                connection.append(LoadPacket.disconnect)
                connection.flush()
                return
            } catch {
                guard case .unreachable = error, LoadClock.now() < deadline else { throw error }
                if let status = ended() { throw .brokerEnded(status: status, log: lastWords) }
                usleep(1_000)
            }
        }
    }

    /// Ends the process as told (`SIGTERM`), so that everything is synced and closed.
    @discardableResult
    func stop() throws(LoadFailure) -> End {
        let end = try end(by: SIGTERM)
        guard end.status == 0 else { throw .brokerEnded(status: end.status, log: lastWords) }
        return end
    }

    /// Ends the process at once.
    @discardableResult
    func kill() throws(LoadFailure) -> End {
        try end(by: SIGKILL)
    }

    /// Sends the last signal of all, without waiting for the end.
    func strike() {
        Glibc.kill(pid, SIGKILL)
    }

    private func end(by signal: Int32) throws(LoadFailure) -> End {
        precondition(pid > 0, "there is a process to end")
        Glibc.kill(pid, signal)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw .process(pid: pid, errno: errno) }
        }
        pid = 0
        return End(status: status, bytesWritten: usage.ru_oublock * 512)
    }

    /// How the process ended by itself; `nil` while it runs.
    private func ended() -> Int32? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        pid = 0
        return status
    }

    /// Bytes that the journal's files have, spare ones included: what has been made of segments so far.
    var journalBytes: Int {
        Directory.files(below: directory + "/latch/journal").reduce(0) { $0 + Self.writtenBytes(of: $1) }
    }

    /// `SEEK_DATA` and `SEEK_HOLE` of lseek(2), which Glibc's module leaves out.
    private static let (seekData, seekHole): (Int32, Int32) = (3, 4)

    /// What of a segment is allocated and not yet filled with zeros counts as a hole (lseek(2)).
    private static func writtenBytes(of path: String) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = 0
        var end: off_t = 0
        while true {
            let start = lseek(descriptor, end, seekData)
            guard start >= 0 else { return bytes }
            end = lseek(descriptor, start, seekHole)
            guard end > start else { return bytes }
            bytes += Int(end - start)
        }
    }

    /// The end of its log.
    var lastWords: String {
        let text = (try? RecordFile.text(path: directory + "/log")) ?? nil
        return text?.split(separator: "\n").suffix(3).joined(separator: "; ") ?? "no log"
    }

    private static func freePort() throws(LoadFailure) -> UInt16 {
        var lastErrno: Int32 = 0
        for _ in 0..<100 {
            let port = UInt16.random(in: ports)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw .file(path: "socket", errno: errno) }
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            let isFree = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isFree { return port }
            lastErrno = errno
        }
        throw .unreachable(host: "127.0.0.1", port: ports.lowerBound, errno: lastErrno)
    }
}
