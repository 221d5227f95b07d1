import ArgumentParser

/// How a load publishes.
struct PublisherOptions: ParsableArguments {
    @Option(help: "Publishing connections.")
    var connections = 4

    @Option(help: "Unacknowledged messages of a connection; 1 sends one at a time.")
    var window = 256

    @Option(
        help: "Messages per second of all connections together, at fixed times (default: as fast as windows allow)."
    )
    var rate: Double?
}
