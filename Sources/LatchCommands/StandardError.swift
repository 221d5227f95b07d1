import Glibc

/// The stream for messages to a person; standard output is for results.
enum StandardError {
    /// Writes one line, whole.
    static func writeLine(_ text: String) {
        write(text + "\n")
    }

    /// Writes a text, whole.
    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress!, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A closed standard error has no reader to tell.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
