import ArgumentParser

/// `latch statistics`: a store's figures.
struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Print a store's figures, those of a running broker's store as they are now."
    )

    @OptionGroup var arguments: StoreArguments

    func run() throws {
        try VerbRun(verb: StatisticsVerb(), arguments: arguments).run()
    }
}
