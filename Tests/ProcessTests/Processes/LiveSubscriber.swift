import Testing

/// A `mosquitto_sub` that runs beside the test, its subscriptions granted; it prints each message as `TOPIC QOS RETAIN PAYLOAD`.
struct LiveSubscriber {
    let process: ChildProcess

    /// Starts it and waits for the grant.
    init(
        to broker: RunningBroker,
        _ arguments: String...,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        process = try ChildProcess(
            Executable.stdbuf(),
            [
                "-oL", Executable.mosquittoSub(), "-h", "127.0.0.1", "-p", "\(broker.port)", "-d", "-F",
                "got %t %q %r %p",
            ]
                + arguments,
            in: broker.directory
        )
        let process = process
        _ = try await process.wait(20, "the subscription is granted", location) {
            process.standardOutput.contains("Subscribed (mid: 1)") ? true : nil
        }
    }

    /// Messages so far.
    var messages: [String] {
        process.standardOutput.split(separator: "\n").filter { $0.hasPrefix("got ") }.map { String($0.dropFirst(4)) }
    }

    /// Waits until a message has come.
    func wait(for message: String, location: SourceLocation = #_sourceLocation) async throws {
        _ = try await process.wait(20, "'\(message)' arrives", location) { messages.contains(message) ? true : nil }
    }
}
