import Glibc
import MQTTWire

extension Password {
    /// The password in a file, without one line end behind it.
    static func file(_ path: String) throws(CommandFailure) -> Password {
        var contents = try FileContents.read(path)
        defer { PasswordPrompt.wipe(&contents) }
        return Password(copying: withoutLineEnd(contents[...]))
    }

    /// The password in an environment variable; `nil` where it is not set.
    static func environment(_ name: String) -> Password? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return Password(copying: UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    /// Asks a person, who does not see what is typed; `nil` where nobody sits at a terminal.
    static func prompt(_ question: String) throws(CommandFailure) -> Password? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        var answer = try PasswordPrompt.ask(question)
        defer { PasswordPrompt.wipe(&answer) }
        return Password(copying: answer)
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }
}
