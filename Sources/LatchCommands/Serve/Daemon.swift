import Glibc

/// Runs the broker in the background (`-d`).
///
/// A Swift program has threads before its first line runs, and only one of them survives fork(2); so the program starts itself
/// anew in a session of its own, without `-d`.
enum Daemon {
    /// `POSIX_SPAWN_SETSID` of spawn.h, which the importer does not see.
    private static let setSession: Int16 = 0x80

    /// Starts the background process and ends this one with code 0.
    ///
    /// - Throws: ``CommandFailure`` if it cannot be started.
    static func detach() throws(CommandFailure) -> Never {
        let arguments = CommandLine.arguments.filter { $0 != "-d" && $0 != "--daemon" }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setflags(&attributes, setSession)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var process = pid_t()
        var vector = arguments.map { strdup($0) } + [nil]
        defer { for pointer in vector { free(pointer) } }
        let result = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &vector, environ)
        guard result == 0 else {
            throw CommandFailure(.inputOutput, "cannot start in the background: \(String(cString: strerror(result)))")
        }
        exit(ExitStatus.fine.rawValue)
    }
}
