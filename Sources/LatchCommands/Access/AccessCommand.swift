import ArgumentParser

/// `latch acl`: what an access control list says, and why.
struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acl",
        abstract: "Ask an access control list who may do what, and why.",
        subcommands: [AccessCheckCommand.self, AccessExplainCommand.self]
    )
}
