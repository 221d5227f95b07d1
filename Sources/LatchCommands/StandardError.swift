import Glibc

/// The stream for messages to a person; standard output is for results.
enum StandardError {
    /// Writes one line, whole.
    static func writeLine(_ text: String) {
        var rest = Array((text + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress!, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A closed standard error has no reader to tell.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
