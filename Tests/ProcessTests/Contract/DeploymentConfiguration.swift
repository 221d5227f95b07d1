import Foundation
import Glibc
import Testing

/// The replaced deployment's two files, with ports and paths moved into a test's directory.
struct DeploymentConfiguration {
    private let base: BrokerConfiguration

    init(in directory: TemporaryDirectory) throws {
        var base = try BrokerConfiguration(in: directory)
        let fixtures = Executable.package + "Fixtures/deploy/replaced/"
        base.acl = try String(contentsOfFile: fixtures + "aclfile", encoding: .utf8)
        var text = try String(contentsOfFile: fixtures + "mosquitto.conf", encoding: .utf8)
        for (original, moved) in [
            ("listener 1883\n", "listener \(base.port) 127.0.0.1\n"),
            ("listener 9001\n", "listener \(base.webSocketPort) 127.0.0.1\n"),
            ("/mosquitto/config/aclfile", base.aclPath),
            ("persistence_location /var/lib/mosquitto\n", "persistence_location \(base.dataPath)/\n"),
        ] {
            try #require(text.contains(original), "the fixture no longer holds '\(original)'")
            text = text.replacing(original, with: moved)
        }
        if geteuid() == 0 { text += "user root\n" }
        base.wholeText = text
        self.base = base
    }

    func start(_ location: SourceLocation = #_sourceLocation) async throws -> RunningBroker {
        try await base.start(location)
    }
}
