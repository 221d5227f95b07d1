import Glibc

/// Runs the broker in the background (`-d`).
///
/// A Swift program has threads before its first line runs, and only one of them survives fork(2); so the program starts
/// itself anew in a session of its own, and ends when the new process runs, or with the status that it failed with.
enum Daemon {
    /// `POSIX_SPAWN_SETSID` of spawn.h, which the importer does not see.
    private static let setSession: Int16 = 0x80
    /// Tells the new process that it is the one in the background.
    private static let mark = "LATCH_IN_BACKGROUND"
    /// The descriptor through which it says that it runs.
    private static let announcement: Int32 = 3

    /// Whether this process is the one in the background.
    static let isInBackground = getenv(mark) != nil

    /// Starts the background process, waits until it runs, and ends this one.
    ///
    /// - Throws: ``CommandFailure`` if it cannot be started.
    static func detach() throws(CommandFailure) -> Never {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(errno) }
        // Only the copy that becomes the announcement may be open in the new process: its end is the end of the pipe.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process = try spawn(announcingTo: ends[1])
        close(ends[1])
        var byte: UInt8 = 0
        var count = 0
        repeat { count = read(ends[0], &byte, 1) } while count < 0 && errno == EINTR
        if count == 1 { exit(ExitStatus.fine.rawValue) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        exit(status & 0x7F == 0 ? status >> 8 & 0xFF : ExitStatus.inputOutput.rawValue)
    }

    /// Lets go of the terminal, and of the process that waits there: from now on only a log file or syslog hears anything.
    static func announceRunning() {
        guard isInBackground else { return }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        if null >= 0 {
            for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, stream) }
            close(null)
        }
        _ = write(announcement, "r", 1)
        close(announcement)
    }

    private static func spawn(announcingTo end: Int32) throws(CommandFailure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, setSession)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, end, announcement)
        setenv(mark, "1", 1)
        var process = pid_t()
        var vector = CommandLine.arguments.map { strdup($0) } + [nil]
        defer { for pointer in vector { free(pointer) } }
        let result = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &vector, environ)
        guard result == 0 else { throw failure(result) }
        return process
    }

    private static func failure(_ code: Int32) -> CommandFailure {
        CommandFailure(.inputOutput, "cannot start in the background: \(String(cString: strerror(code)))")
    }
}
