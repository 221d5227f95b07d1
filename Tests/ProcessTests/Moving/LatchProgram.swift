import Foundation
import Testing

/// `latch` run to its end, with the key of the tests in its environment.
enum LatchProgram {
    /// - Parameter key: nil: none is in the environment.
    @discardableResult
    static func run(
        _ arguments: [String],
        key: String? = BrokerConfiguration.key,
        environment: [String: String] = [:],
        in directory: TemporaryDirectory,
        expecting exit: Exit = .code(0),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> ChildProcess {
        var variables = ["HOME": directory.path]
        variables["LATCH_KEY"] = key
        let process = try ChildProcess(
            Executable.latch(),
            arguments,
            environment: variables.merging(environment) { $1 },
            in: directory
        )
        let ended = try await process.end(withinSeconds: 120, location)
        #expect(ended == exit, "\(arguments)\n\(process.log)", sourceLocation: location)
        return process
    }
}
