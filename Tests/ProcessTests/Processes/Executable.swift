import Foundation
import Testing

/// Where the programs are that these tests start.
enum Executable {
    /// The package's directory.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()

    /// The release build of `latch`, which also puts the loads on whatever broker is tested.
    static func latch() throws -> String {
        let path = package + ".build/release/latch"
        try #require(
            FileManager.default.isExecutableFile(atPath: path),
            "The release build is missing: run 'swift build -c release --product latch' first."
        )
        return path
    }

    /// The broker under test.
    static func broker() throws -> String {
        try ProcessInfo.processInfo.environment["LATCH_TEST_BROKER"] ?? latch()
    }

    /// Whether the broker under test is mosquitto, whose exit codes, keys and store are not ours.
    static var isMosquitto: Bool {
        ProcessInfo.processInfo.environment["LATCH_TEST_BROKER"]?.hasSuffix("mosquitto") ?? false
    }

    /// A program that the machine must have.
    static func installed(_ path: String, package: String) throws -> String {
        try #require(
            FileManager.default.isExecutableFile(atPath: path),
            "\(path) is missing: run 'apt-get install \(package)' first."
        )
        return path
    }

    static func mosquittoPub() throws -> String {
        try installed("/usr/bin/mosquitto_pub", package: "mosquitto-clients")
    }
    static func mosquittoSub() throws -> String {
        try installed("/usr/bin/mosquitto_sub", package: "mosquitto-clients")
    }

    /// Runs a program whose output is awaited line by line: without a terminal it would come in blocks.
    static func stdbuf() throws -> String { try installed("/usr/bin/stdbuf", package: "coreutils") }

    /// Debian's own interpreter, because `python3-paho-mqtt` installs for that one.
    static func python() throws -> String { try installed("/usr/bin/python3", package: "python3-paho-mqtt") }

    static func node() throws -> String {
        for path in ["/usr/bin/node", "/usr/local/bin/node"] where FileManager.default.isExecutableFile(atPath: path) {
            return path
        }
        return try installed("/usr/bin/node", package: "node-mqtt")
    }

    /// A client script of these tests.
    static func client(_ name: String) -> String { package + "Tests/ProcessTests/Clients/" + name }
}
