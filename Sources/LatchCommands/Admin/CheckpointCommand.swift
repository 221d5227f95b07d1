import ArgumentParser

/// `latch checkpoint`: moves what the journal holds into the index.
struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sync the journal and move what it holds into the index, so that the next start replays little."
    )

    @OptionGroup var arguments: StoreArguments

    func run() throws {
        try VerbRun(verb: CheckpointVerb(), arguments: arguments).run()
    }
}
