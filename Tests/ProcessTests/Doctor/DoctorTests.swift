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

        /// The only file system at hand whose sync does nothing; in a process whose writes nobody watches, so that they are as
        /// fast as they are.
        @Test(.enabled(if: access("/dev/shm", W_OK) == 0, "/dev/shm cannot be written"))
        func aFileSystemInMemoryIsToldByItsSync() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory(in: "/dev/shm/"))
            try configuration.write()
            let findings = try await examine(configuration)
            #expect(texts(findings, "warning", "sync").contains { $0.contains("lies in memory") }, "\(findings)")
            let left = try FileManager.default.contentsOfDirectory(atPath: configuration.dataPath)
            #expect(!left.contains { $0.hasPrefix(".latch-doctor") })
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

        @Test func whoeverMayComeInIsTold() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let passwords = try configuration.directory.write(
                "passwords",
                "alice:$7$101$AAAAAAAAAAAAAAAA$\(String(repeating: "A", count: 86))==\n",
                permissions: 0o644
            )
            configuration.wholeText = """
                listener \(configuration.port)
                password_file \(passwords)
                persistence true
                persistence_location \(configuration.dataPath)
                user root

                """
            try configuration.write()
            let findings = try await examine(configuration)
            #expect(texts(findings, "problem", "passwords").contains { $0.contains("0644") })
            #expect(
                texts(findings, "warning", "access").contains {
                    $0.contains("open to other machines without an acl_file")
                }
            )
            // The passwords are asked for: nobody is taken at his word.
            #expect(texts(findings, "warning", "authentication") == [])
        }

        /// For people: a line for each finding and one for what to do about it; and an exit code for scripts.
        @Test func theTextSaysWhatToDoAndTheExitCodeWhetherAnything() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.acl = "pattern readwrite %u/#\n"
            try await configuration.start().stop()
            func run(_ arguments: [String], _ limits: String = "true", expecting exit: Exit) async throws -> String {
                try await Client.run(
                    "/bin/sh",
                    ["-c", "\(limits) && exec \(Executable.latch()) \(arguments.joined(separator: " "))"],
                    environment: ["LATCH_KEY": BrokerConfiguration.key, "HOME": configuration.directory.path],
                    in: configuration.directory,
                    expecting: exit
                )
            }
            let doctor = ["doctor", "-c", configuration.configurationPath]
            // Few files and few addresses, as a shell gives them.
            let limited = try await run(doctor, "ulimit -n 256 && ulimit -v 16000000", expecting: .code(2))
            let lines = limited.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            func remedy(_ head: String) throws -> String {
                let line = try #require(lines.firstIndex { $0.hasPrefix(head) }, "\(head)\n\(limited)")
                return lines[line + 1]
            }
            #expect(try remedy("problem  address space: ").contains("ulimit -v unlimited"))
            #expect(try remedy("warning  open files: the limit is 256").contains("LimitNOFILE=65536"))
            #expect(limited.contains("fine     clock: plausible"))
            // Problems first.
            #expect(lines.first?.hasPrefix("problem") == true)

            try configuration.directory.write("mosquitto.conf", "listener 1883\nplugin /usr/lib/a.so\n")
            let refused = try await run(doctor, expecting: .code(2))
            #expect(refused.contains("mosquitto.conf:2") && refused.contains("latch serve does not start with it"))
            let missing = try await run(["doctor", "-c", "no-such-file"], expecting: .code(2))
            #expect(missing.contains("no-such-file"))
            _ = try await run(doctor + ["--store", "elsewhere"], expecting: .code(1))
        }
    }
}
