import Glibc
import RetainedStore

/// Lets a process of its own, without keys, walk a store's structure before this one does (design, S3).
///
/// The index is LMDB's, whose pages carry no checksum and whose reader trusts them: a damaged page can end the process that
/// looks at it, or lead it in circles. Then it is the child that ends, and what it left is a finding and no crash.
enum StructureWalk {
    /// What the walk costs at least, and what reading a mebibyte costs on the slowest disk that anybody has.
    private static let secondsMin = 10
    private static let secondsPerMebibyte = 1
    private static let pollMilliseconds: UInt32 = 2

    /// How a walk ended.
    enum Outcome {
        /// It went through and found nothing, or could not look: then opening will say why.
        case sound
        /// It went through and found something; the caller's own reading says what.
        case findings
        /// It went through and found something in the index that would end whoever opens the store; a verification says the
        /// rest.
        case unreadable(Damage)
        /// The index ended it.
        case damaged(Damage)
    }

    static func run(over location: StoreLocation) throws(CommandFailure) -> Outcome {
        let directory = location.directory
        let path = directory + "/index/data.mdb"
        let process = try spawn(["latch", "verify", "--without-key", "--unguarded", "--", directory])
        let limit = secondsMin + secondsPerMebibyte * mebibytes(of: path)
        func damaged(_ found: String) -> Outcome {
            .damaged(
                Damage(file: path, offset: 0, field: "index", expected: "pages that can be read", found: found)
            )
        }
        guard let status = wait(for: process, seconds: limit) else {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
            return damaged("pages that kept a process busy for more than \(limit) s")
        }
        let signal = status & 0x7F
        guard signal == 0 else {
            return damaged("pages that ended a process with signal \(signal) (\(String(cString: strsignal(signal))))")
        }
        guard status >> 8 == ExitStatus.damagedStore.rawValue else { return .sound }
        do throws(StoreError) {
            return try RetainedStore.unreadableIndex(at: location).map { .unreadable($0) } ?? .findings
        } catch {
            throw CommandFailure(error, key: nil)
        }
    }

    private static func mebibytes(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) >> 20 : 0
    }

    private static func spawn(_ arguments: [String]) throws(CommandFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // Nothing of this process's environment: a key may be in it. A crash is expected, so nobody has to explain it.
        let environment = ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
        var argumentVector = arguments.map { strdup($0) } + [nil]
        var environmentVector = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentVector + environmentVector { free(pointer) } }
        var process = pid_t()
        let result = posix_spawn(&process, "/proc/self/exe", &actions, nil, &argumentVector, &environmentVector)
        guard result == 0 else {
            throw CommandFailure(
                .inputOutput,
                "cannot start a process that walks the index: \(String(cString: strerror(result)))"
            )
        }
        return process
    }

    /// How a process ended; nil: not within so many seconds.
    private static func wait(for process: pid_t, seconds: Int) -> Int32? {
        var status: Int32 = 0
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status }
            if ended < 0, errno != EINTR { return 0 }
            usleep(pollMilliseconds * 1_000)
        }
        return nil
    }
}

extension CommandFailure {
    /// An index that a process without keys could not walk.
    static func damagedIndex(_ damage: Damage, in directory: String) -> CommandFailure {
        CommandFailure(
            .damagedStore,
            "\(damage); keep a copy of the store as it is, and restore a backup, or save what opens with \(salvaging(directory))"
        )
    }

    /// A store that does not open because it is damaged.
    static func damagedIndexOrJournal(_ damage: Damage, in directory: String) -> CommandFailure {
        CommandFailure(
            .damagedStore,
            """
            \(damage); keep a copy of the store as it is, and restore a backup, or save what opens: with \(salvaging(directory)), or \
            with recover_on_start salvage at the next start
            """
        )
    }

    /// The command that salvages a store.
    static func salvaging(_ directory: String) -> String { "latch recover --salvage \(directory)" }
}
