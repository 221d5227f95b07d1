import Glibc
import MQTTWire

extension Password {
    /// The longest password that is read.
    private static let bytesMax = 4096

    /// The password in a file, without one line end behind it.
    static func file(_ path: String) throws(CommandFailure) -> Password {
        var contents = try FileContents.read(path)
        defer { wipe(&contents) }
        return Password(copying: withoutLineEnd(contents[...]))
    }

    /// The password in an environment variable; `nil` where it is not set.
    static func environment(_ name: String) -> Password? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return Password(copying: UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    /// Asks a person, who does not see what is typed; `nil` where nobody sits at a terminal.
    static func prompt(_ question: String) -> Password? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var settings = termios()
        guard tcgetattr(terminal, &settings) == 0 else { return nil }
        var before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &settings)
        defer { tcsetattr(terminal, TCSAFLUSH, &before) }
        _ = question.withCString { write(terminal, $0, strlen($0)) }
        var line = [UInt8](repeating: 0, count: bytesMax)
        defer { wipe(&line) }
        let count = read(terminal, &line, line.count)
        _ = write(terminal, "\n", 1)
        return count > 0 ? Password(copying: withoutLineEnd(line[..<count])) : nil
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } }
    }
}
