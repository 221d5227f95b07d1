/// Why a command ends without having done its work: a code for scripts, and a sentence for people that says what is wrong, where, and what to do.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
