import ArgumentParser

/// `latch health`: whether a store takes retained messages; for probes.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Say whether a store takes retained messages; exit code 0 if it does, 7 if not."
    )

    @OptionGroup var arguments: StoreArguments

    func run() throws {
        try VerbRun(verb: HealthVerb(), arguments: arguments).run()
    }
}
