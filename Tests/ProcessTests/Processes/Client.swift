import Testing

/// Client programs run to their end.
enum Client {
    /// Runs a program and returns what it printed; anything but the expected end fails the test; `nil`: any end will do.
    @discardableResult
    static func run(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        in directory: TemporaryDirectory,
        expecting exit: Exit? = .code(0),
        withinSeconds seconds: Double = 60,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let process = try ChildProcess(path, arguments, environment: environment, in: directory)
        let ended = try await process.end(withinSeconds: seconds, location)
        #expect(
            exit == nil || ended == exit,
            "\(path) \(arguments.joined(separator: " "))\n\(process.standardOutput)\(process.standardError)",
            sourceLocation: location
        )
        return process.standardOutput
    }

    /// `mosquitto_pub` to a broker.
    static func publish(
        to broker: RunningBroker,
        _ arguments: String...,
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        try await run(
            Executable.mosquittoPub(),
            ["-h", "127.0.0.1", "-p", "\(broker.port)"] + arguments,
            in: broker.directory,
            expecting: exit,
            location
        )
    }

    /// `mosquitto_sub` from a broker; what it printed, line by line.
    static func subscribe(
        to broker: RunningBroker,
        _ arguments: String...,
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        try await subscribe(to: broker, arguments, expecting: exit, location)
    }

    /// The same.
    static func subscribe(
        to broker: RunningBroker,
        _ arguments: [String],
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        try await run(
            Executable.mosquittoSub(),
            ["-h", "127.0.0.1", "-p", "\(broker.port)"] + arguments,
            in: broker.directory,
            expecting: exit,
            location
        ).split(separator: "\n").map(String.init)
    }

    /// `latch bench` against a broker.
    @discardableResult
    static func bench(
        _ verb: String,
        _ broker: RunningBroker,
        _ arguments: String...,
        expecting exit: Exit? = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        try await run(
            Executable.latch(),
            ["bench", verb, "--url", broker.url] + arguments,
            in: broker.directory,
            expecting: exit,
            withinSeconds: 120,
            location
        )
    }
}
