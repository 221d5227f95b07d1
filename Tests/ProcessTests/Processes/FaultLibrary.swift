import Foundation
import Testing

/// The library that lets a broker meet a fault at a named call (`Faults/faults.c`), made by this machine's compiler.
enum FaultLibrary {
    /// The environment in which a broker meets a fault.
    ///
    /// - Parameter point: What is written to and the call, as `segment-sync`; how often it is made before; `kill`, or
    ///   the errno that it fails with.
    static func environment(
        _ point: String,
        _ count: Int,
        _ action: String,
        in directory: TemporaryDirectory
    ) async throws -> [String: String] {
        let library = directory.file("faults.so")
        if !FileManager.default.fileExists(atPath: library) {
            let compiler = try Executable.installed("/usr/bin/gcc", package: "gcc")
            let source = Executable.package + "Tests/ProcessTests/Faults/faults.c"
            try await Client.run(compiler, ["-O1", "-shared", "-fPIC", "-o", library, source], in: directory)
        }
        return ["LD_PRELOAD": library, "LATCH_TEST_FAULT": "\(point) \(count) \(action)"]
    }
}
