import Glibc
import Testing

/// A broker that has said that it runs.
struct RunningBroker {
    let process: ChildProcess
    let configuration: BrokerConfiguration

    var directory: TemporaryDirectory { configuration.directory }
    var port: Int { configuration.port }
    var webSocketPort: Int { configuration.webSocketPort }
    var url: String { "mqtt://127.0.0.1:\(port)" }

    func kill() async throws { try await process.kill() }

    /// Ends it as an administrator does; it must close cleanly.
    func stop(_ location: SourceLocation = #_sourceLocation) async throws {
        process.signal(SIGTERM)
        let exit = try await process.end(withinSeconds: 30, location)
        #expect(exit == .code(0), "\(process.log)", sourceLocation: location)
    }
}
