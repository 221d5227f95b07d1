import Glibc

/// Lets a process of its own, without keys, walk a store's structure before this one does (design, S3).
///
/// The index is LMDB's, whose pages carry no checksum and whose reader trusts them: a damaged page can end the process that
/// looks at it. Then it is the child that ends, and what it left is a finding and no crash.
enum StructureWalk {
    /// - Parameter directory: The store's.
    /// - Throws: ``CommandFailure`` with ``ExitStatus/damagedStore`` if the walk ended its process. What the child found
    ///   otherwise is left to the caller's own reading, which finds more.
    static func run(over directory: String) throws(CommandFailure) {
        let arguments = ["latch", "verify", "--without-key", "--unguarded", "--", directory]
        let status = try wait(for: spawn(arguments))
        let signal = status & 0x7F
        guard signal != 0 else { return }
        throw CommandFailure(
            .damagedStore,
            """
            \(directory)/index/data.mdb is damaged: reading it ended a process with signal \(signal) \
            (\(String(cString: strsignal(signal)))); keep a copy of the store as it is, and restore a backup
            """
        )
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

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
