import ArgumentParser

/// `latch retained`: looks at single retained messages.
struct RetainedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retained",
        abstract: "Look at retained messages, of a store at rest or of a running broker, or remove some.",
        subcommands: [
            RetainedListCommand.self, RetainedGetCommand.self, RetainedRemoveCommand.self, RetainedCountCommand.self,
        ]
    )
}
