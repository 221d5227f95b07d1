import ArgumentParser
import Authentication
import Mosquitto

/// `latch passwd`: password files, with the arguments of mosquitto_passwd.
struct PasswdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Change a password file.",
        usage: """
            latch passwd [-H hash] [-c | -D] FILE USER
            latch passwd [-H hash] [-c] -b FILE USER PASSWORD
            latch passwd [-H hash] -U FILE
            """,
        discussion: """
            Takes mosquitto_passwd's arguments and writes what mosquitto reads. The password is asked for twice, on the terminal or from \
            two lines of standard input. A broker that runs reads the file again on SIGHUP.
            """
    )

    @Flag(name: .customShort("c"), help: "Create the file; one that exists is overwritten.")
    var createsFile = false

    @Flag(
        name: .customShort("b"),
        help: "Take the password from the command line, where other users of the machine can see it."
    )
    var isBatch = false

    @Flag(name: .customShort("D"), help: "Delete the user.")
    var deletesUser = false

    @Flag(name: .customShort("U"), help: "Hash the passwords of a file that holds them in clear; what is hashed stays.")
    var upgradesFile = false

    @Option(
        name: .customShort("H"),
        help: "How to hash: argon2id, sha512-pbkdf2 (which mosquitto 2.0 reads), or sha512."
    )
    var hash = PasswordScheme.argon2id

    @Option(name: .customShort("I"), help: "Iterations of sha512-pbkdf2, 1 to 1000000.")
    var iterations: Int?

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The file, the user, and with -b the password.", valueName: "file")
    )
    var operands: [String] = []

    func validate() throws {
        if createsFile && deletesUser || upgradesFile && (createsFile || deletesUser || isBatch)
            || isBatch && deletesUser
        {
            throw ValidationError("-c, -D and -U exclude each other, and -b goes with neither -D nor -U")
        }
        let names = upgradesFile ? ["FILE"] : isBatch ? ["FILE", "USER", "PASSWORD"] : ["FILE", "USER"]
        guard operands.count == names.count else {
            throw ValidationError("expected \(names.joined(separator: " ")) and found \(operands.count) arguments")
        }
        if let iterations, !(1...1_000_000).contains(iterations) || hash != .pbkdf2 {
            throw ValidationError("-I is a number from 1 to 1000000 and goes with -H sha512-pbkdf2")
        }
        guard operands.count > 1 else { return }
        let user = operands[1]
        let hasControl = user.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !user.isEmpty, user.utf8.count <= Int(UInt16.max), !user.contains(":"), !user.hasPrefix("#"), !hasControl,
            user.utf8.first != UInt8(ascii: " "), user.utf8.last != UInt8(ascii: " ")
        else {
            throw ValidationError(
                "a user name is not empty, holds no colon and no control character, and neither begins with # or a blank nor ends with one"
            )
        }
    }

    func run() throws {
        let path = operands[0]
        if upgradesFile { return try upgrade(path) }
        let user = Array(operands[1].utf8)
        var text = createsFile ? PasswordFileText() : try read(path)
        if deletesUser {
            guard text.remove(user) else { throw CommandFailure(.usage, "\(path) has no user \(operands[1])") }
        } else {
            var password = isBatch ? Array(operands[2].utf8) : try PasswordPrompt.newPassword()
            defer { PasswordPrompt.wipe(&password) }
            guard !password.isEmpty, password.count <= PasswordPrompt.bytesMax else {
                throw CommandFailure(.usage, "the password is empty, or longer than \(PasswordPrompt.bytesMax) bytes")
            }
            text.set(user, hash: try hashed(password[...]))
        }
        try FileReplacement.write(text.bytes, to: path)
    }

    private func upgrade(_ path: String) throws(CommandFailure) {
        var text = try read(path)
        try text.replaceHashes { clear throws(CommandFailure) in
            if (try? PasswordHash(parsing: Array(clear))) != nil { return nil }
            guard !clear.isEmpty else { throw CommandFailure(.configuration, "\(path): a user has no password") }
            return try hashed(clear)
        }
        try FileReplacement.write(text.bytes, to: path)
    }

    private func read(_ path: String) throws(CommandFailure) -> PasswordFileText {
        do throws(MosquittoFileError) {
            return try PasswordFileText(path: path)
        } catch {
            throw CommandFailure(.inputOutput, "\(error); -c creates a new file")
        }
    }

    private func hashed(_ password: ArraySlice<UInt8>) throws(CommandFailure) -> String {
        do {
            let scheme = hash.scheme(iterations: iterations)
            return try password.withUnsafeBytes { try PasswordHash(of: $0, scheme: scheme) }.text
        } catch {
            throw CommandFailure(.inputOutput, "\(error)")
        }
    }
}
