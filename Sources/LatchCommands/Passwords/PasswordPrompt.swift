import Glibc

/// Asks for a new password, twice, as mosquitto_passwd does.
enum PasswordPrompt {
    /// The longest password that MQTT can carry (MQTT 5.0 §3.1.3.6).
    static let bytesMax = Int(UInt16.max)

    /// A password from the terminal, which does not show it, or from two lines of standard input.
    ///
    /// - Throws: ``CommandFailure`` where none is given, or where the second differs from the first.
    static func newPassword() throws(CommandFailure) -> [UInt8] {
        var first = try ask("Password: ")
        var second = try ask("Reenter password: ")
        defer { wipe(&second) }
        guard first == second else {
            wipe(&first)
            throw CommandFailure(.usage, "the two passwords differ; nothing was changed")
        }
        guard !first.isEmpty else { throw CommandFailure(.usage, "the password is empty; nothing was changed") }
        return first
    }

    /// Overwrites a password that is needed no longer.
    static func wipe(_ password: inout [UInt8]) {
        password.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
        }
    }

    /// One line from the terminal, which does not show it, or from standard input.
    static func ask(_ question: String) throws(CommandFailure) -> [UInt8] {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var shown = termios()
        if isTerminal {
            StandardError.write(question)
            tcgetattr(STDIN_FILENO, &shown)
            var hidden = shown
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &hidden)
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSANOW, &shown)
                StandardError.write("\n")
            }
        }
        var line: [UInt8] = []
        line.reserveCapacity(bytesMax)
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count != 1 || byte == UInt8(ascii: "\n") { return line }
            guard line.count < bytesMax else {
                throw CommandFailure(.usage, "the password is longer than \(bytesMax) bytes; nothing was changed")
            }
            line.append(byte)
        }
    }
}
