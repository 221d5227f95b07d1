import ArgumentParser

/// `latch backup`: a copy of a store, whether a broker has it open or nobody.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a store into a directory, consistent and sealed, while its broker goes on.",
        discussion: """
            The copy has everything that was published when the command ends, and is verified. Given an earlier backup \
            of the same store, it brings that up to date from the journal where the journal reaches back so far, else \
            by comparing everything; the report says which. An interrupted backup is refused by everything that opens \
            stores; the same command goes on with it. Keep two and use them in turn.

            To restore, stop the broker, move the old store away and copy the backup to its place: the first start \
            draws a new timeline, and says so. The master key and the keyring are needed as before.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Argument(help: "The directory, which must not exist or hold an earlier backup of the store.")
    var directory: String

    @Flag(help: "Do not rest half of the time for the sake of the broker's clients.")
    var fast = false

    func run() throws {
        let isRunning = try LocalSocket.isListening(in: arguments.store)
        let path = Directory.absolute(directory)
        try VerbRun(
            verb: BackupVerb(directory: path, isPaced: isRunning && !fast),
            arguments: arguments
        ).run()
    }
}
