import Foundation
import Glibc
import Testing

/// Debian's mosquitto on a port of loopback, with a mosquitto.db to begin with.
struct RunningMosquitto {
    let process: ChildProcess
    let directory: TemporaryDirectory
    let port: Int

    var url: String { "mqtt://127.0.0.1:\(port)" }

    /// Where its mosquitto.db is.
    let databasePath: String

    /// Starts it and waits until it listens.
    ///
    /// - Parameter database: A file that it loads; `nil`: it begins with nothing.
    init(
        in directory: TemporaryDirectory,
        database: String?,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        self.directory = directory
        port = try FreePort.next()
        let data = directory.file("mosquitto-data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        databasePath = data + "/mosquitto.db"
        if let database { try FileManager.default.copyItem(atPath: database, toPath: databasePath) }
        var lines = [
            "listener \(port) 127.0.0.1", "allow_anonymous true", "persistence true", "persistence_location \(data)/",
            "autosave_interval 0",
        ]
        // Started as root it would give its rights away, and with them the way into this test's directory.
        if geteuid() == 0 { lines.append("user root") }
        let configuration = try directory.write("mosquitto-\(port).conf", lines.joined(separator: "\n") + "\n")
        let program = try Executable.installed("/usr/sbin/mosquitto", package: "mosquitto")
        process = try ChildProcess(program, ["-c", configuration], in: directory)
        let process = process
        _ = try await process.wait(30, "mosquitto runs", location) { () -> Bool? in
            if let exit = process.poll() {
                Issue.record("mosquitto did not start: \(exit)\n\(process.log)", sourceLocation: location)
                throw BrokerDidNotStart(exit: exit)
            }
            return process.log.contains(" running\n") ? true : nil
        }
    }

    /// Ends it as an administrator does, which saves its database.
    func stop(_ location: SourceLocation = #_sourceLocation) async throws {
        process.signal(SIGTERM)
        let exit = try await process.end(withinSeconds: 30, location)
        #expect(exit == .code(0), "\(process.log)", sourceLocation: location)
    }
}
