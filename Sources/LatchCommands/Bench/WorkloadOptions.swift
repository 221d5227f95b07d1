import ArgumentParser

/// What every measurement is told: how much of what, and in which form to report.
struct WorkloadOptions: ParsableArguments {
    @Option(help: "Topics in all (default: 1000).")
    var topics: Int?

    @Option(help: "Bytes of a payload.")
    var payloadBytes = 200

    @Flag(help: "Print the report as JSON.")
    var json = false
}
