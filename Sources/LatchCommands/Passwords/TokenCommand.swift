import ArgumentParser
import Authentication
import Mosquitto

/// `latch token`: API tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make an API token for a user, or take a user's tokens away.",
        usage: """
            latch token [-c] FILE USER
            latch token -D FILE USER
            """,
        discussion: """
            Prints a new token once and keeps its SHA-256 in FILE, which api_token_file names in mosquitto.conf. A client presents it in the \
            password field, as Authorization: Bearer, or in a header that token_header names. A broker that runs reads the file again on SIGHUP.
            """
    )

    @Flag(name: .customShort("c"), help: "Create the file; one that exists is overwritten.")
    var createsFile = false

    @Flag(name: .customShort("D"), help: "Delete all tokens of the user.")
    var deletesUser = false

    @Argument(help: "The file.")
    var file: String

    @Argument(help: "The user.")
    var user: String

    func validate() throws {
        if createsFile && deletesUser { throw ValidationError("-c and -D exclude each other") }
        guard TokenIdentity.isAcceptable(Array(user.utf8)), !user.contains(":"), user.first != " ", user.last != " "
        else {
            throw ValidationError(
                "the user of a token is not empty, holds none of / + # $ : and no control character, and has no blank at its ends"
            )
        }
    }

    func run() throws {
        var text = createsFile ? PasswordFileText() : try read()
        if deletesUser {
            guard text.remove(Array(user.utf8)) else { throw CommandFailure(.usage, "\(file) has no user \(user)") }
            return try FileReplacement.write(text.bytes, to: file)
        }
        let token: APIToken
        do throws(PasswordHashError) {
            token = try APIToken.random()
        } catch {
            throw CommandFailure(.inputOutput, "\(error)")
        }
        text.add(Array(user.utf8), hash: token.digest.text)
        try FileReplacement.write(text.bytes, to: file)
        print(token.text)
    }

    private func read() throws(CommandFailure) -> PasswordFileText {
        do throws(MosquittoFileError) {
            return try PasswordFileText(path: file)
        } catch {
            throw CommandFailure(.inputOutput, "\(error); -c creates a new file")
        }
    }
}
