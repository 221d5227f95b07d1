import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// What the doctor finds, and that it is silent about what is in order.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct DoctorTests {
        private struct Finding: Decodable {
            var severity: String
            var subject: String
            var finding: String
            var remedy: String?
        }

        private func examine(
            _ configuration: BrokerConfiguration,
            environment: [String: String] = ["LATCH_KEY": BrokerConfiguration.key],
            _ arguments: String...
        ) async throws -> [Finding] {
            let process = try ChildProcess(
                Executable.latch(),
                ["doctor", "-c", configuration.configurationPath, "--json"] + arguments,
                environment: environment.merging(["HOME": configuration.directory.path]) { $1 },
                in: configuration.directory
            )
            let exit = try await process.end()
            let findings = try JSONDecoder().decode([Finding].self, from: Data(process.standardOutput.utf8))
            #expect(exit == .code(findings.contains { $0.severity == "problem" } ? 2 : 0), "\(process.log)")
            #expect(findings.allSatisfy { ($0.severity == "fine") == ($0.remedy == nil) })
            return findings
        }

        private func texts(_ findings: [Finding], _ severity: String, _ subject: String) -> [String] {
            findings.filter { $0.severity == severity && $0.subject == subject }.map(\.finding)
        }

        @Test func aSoundDeploymentHasNoProblemOfItsOwn() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.acl = "pattern readwrite %u/#\n"
            try await configuration.start().stop()
            let findings = try await examine(configuration)
            // The machine's own state (a full disk, limits) is not this test's.
            for subject in ["store", "key", "access", "permissions", "passwords", "moving", "configuration"] {
                #expect(texts(findings, "problem", subject) == [], "\(subject)")
            }
            #expect(texts(findings, "fine", "store").count == 1)
            #expect(texts(findings, "fine", "access").count == 1)
            #expect(texts(findings, "fine", "configuration").count == 1)
        }

        @Test func eachFaultIsFound() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let directory = configuration.directory
            let keyFile = configuration.dataPath + "/master.key"
            configuration.acl = "pattern read #\n"
            configuration.lines = ["master_key_file \(keyFile)", "persistence_sync none"]
            configuration.masterKey = nil
            try configuration.write()
            try directory.write("data/master.key", BrokerConfiguration.key, permissions: 0o644)
            try await configuration.start().stop()
            try directory.write("data/mosquitto.db", "old")
            chmod(configuration.storePath, 0o755)
            chmod(configuration.aclPath, 0o666)
            let findings = try await examine(configuration, environment: [:])
            #expect(texts(findings, "problem", "key").contains { $0.contains("next to the store") })
            #expect(texts(findings, "problem", "key").contains { $0.contains("0644") })
            #expect(texts(findings, "problem", "store").contains { $0.contains("0755") })
            #expect(texts(findings, "problem", "permissions").contains { $0.contains("aclfile") })
            #expect(
                texts(findings, "warning", "access").contains {
                    $0.contains("aclfile:1: everybody may read every topic")
                }
            )
            #expect(texts(findings, "warning", "authentication").count == 1)
            #expect(texts(findings, "warning", "durability").count == 1)
            #expect(
                texts(findings, "warning", "moving").contains { $0.contains("mosquitto.db") && $0.contains("in clear") }
            )
        }

        @Test func anotherKeyAndAnotherFileAreTold() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try await configuration.start().stop()
            let wrong = try await examine(configuration, environment: ["LATCH_KEY": BrokerConfiguration.otherKey])
            #expect(texts(wrong, "problem", "key").contains { $0.contains("fingerprint") })
            let missing = try await examine(configuration, environment: [:])
            #expect(texts(missing, "problem", "key").count == 1)
            configuration.wholeText = "listener 1883\nno_such_directive true\n"
            try configuration.write()
            let broken = try await examine(configuration)
            #expect(texts(broken, "problem", "configuration").contains { $0.contains("mosquitto.conf:2") })
        }
    }
}
