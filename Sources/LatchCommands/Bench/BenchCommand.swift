import ArgumentParser

/// `latch bench`: measures brokers, this one or any other.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a broker, this one or any other.",
        subcommands: [IntervalsCommand.self, LoadCommand.self, CheckCommand.self, StoreCommand.self]
    )
}
