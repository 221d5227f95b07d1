import Glibc

/// `pid_file`: the process's id, for scripts that signal it.
struct ProcessIDFile {
    private let path: String

    init(path: String) throws(CommandFailure) {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.inputOutput, "cannot write pid_file \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let text = "\(getpid())\n"
        guard write(descriptor, text, text.utf8.count) == text.utf8.count else {
            throw CommandFailure(.inputOutput, "cannot write pid_file \(path): \(String(cString: strerror(errno)))")
        }
    }

    func remove() {
        unlink(path)
    }
}
