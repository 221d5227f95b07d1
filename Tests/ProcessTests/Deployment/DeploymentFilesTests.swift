import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// The files under `Fixtures/deploy`, as far as a machine without containers and a service manager can try them.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct DeploymentFilesTests {
        private static let deploy = Executable.package + "Fixtures/deploy/"

        private func lines(_ name: String) throws -> [Substring] {
            try String(contentsOfFile: Self.deploy + name, encoding: .utf8).split(separator: "\n")
        }

        @Test func theComposeFileTakesTheOldOnesPlaceWithoutItsPrivileges() throws {
            let (old, new) = (try lines("replaced/docker-compose.yml"), try lines("docker-compose.yml"))
            func services(_ lines: [Substring]) -> [Substring] {
                lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && $0.hasSuffix(":") }
            }
            #expect(services(new) == services(old))
            for line in [
                "    #   - 1883:1883", "    #   - 9001:9001", "      test: mosquitto_pub -t health -m \"health check\"",
            ] {
                #expect(old.contains(Substring(line)) && new.contains(Substring(line)), "\(line)")
            }
            let text = new.joined(separator: "\n")
            for privilege in ["SYS_ADMIN", "/dev/fuse", "privileged", "unconfined", "cap_add"] {
                #expect(!text.contains(privilege), "\(privilege)")
            }
            for line in [
                "    read_only: true", "      - ALL", "      - no-new-privileges:true", "    user: \"1883:1883\"",
            ] {
                #expect(new.contains(Substring(line)), "\(line)")
            }
            // The configuration that it mounts is the old one, byte for byte.
            for name in ["mosquitto.conf", "aclfile"] {
                #expect(
                    FileManager.default.contentsEqual(
                        atPath: Self.deploy + "mosquitto/" + name,
                        andPath: Self.deploy + "replaced/" + name
                    )
                )
            }
            let variables = try lines(".env.sample").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "=" } }
            #expect(Set(variables) == ["CLOUDFLARE_TUNNEL_TOKEN", "GOCRYPT_PASSWORD", "LATCH_SOURCE"])
        }

        @Test func theUnitIsAcceptedAndLeavesLittleExposed() async throws {
            let directory = try TemporaryDirectory()
            let analyze = try Executable.installed("/usr/bin/systemd-analyze", package: "systemd")
            let unit = try String(contentsOfFile: Self.deploy + "systemd/latch.service", encoding: .utf8)
                .replacing("/usr/bin/latch ", with: try Executable.latch() + " ")
            let path = try directory.write("latch.service", unit)
            let verified = try ChildProcess(analyze, ["verify", "--man=no", path], in: directory)
            #expect(try await verified.end() == .code(0), "\(verified.log)")
            #expect(verified.log == "")
            // Of 100; a unit without any of the restrictions has 96.
            try await Client.run(
                analyze,
                ["security", "--offline=true", "--threshold=20", "--no-pager", path],
                in: directory
            )
        }

        /// Built by its one command, installed into a directory, started there, upgraded, removed.
        @Test(.enabled(if: geteuid() == 0, "dpkg installs as root only")) func thePackageComesAndGoes() async throws {
            let directory = try TemporaryDirectory()
            let root = directory.file("root")
            for path in ["var/lib/dpkg", "var/lib/latch"] {
                try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
            }
            try "".write(toFile: root + "/var/lib/dpkg/status", atomically: false, encoding: .utf8)
            func build(_ arguments: String...) async throws -> String {
                try await Client.run(
                    Self.deploy + "debian/build",
                    ["--binary", try Executable.latch(), "--output", directory.path] + arguments,
                    environment: ["DPKG_DEB_COMPRESSOR_TYPE": "none", "TMPDIR": directory.path],
                    in: directory
                ).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            func dpkg(_ arguments: String...) async throws -> String {
                try await Client.run(
                    "/usr/bin/dpkg",
                    ["--root=\(root)", "--force-script-chrootless", "--force-depends", "--log=/dev/null"] + arguments,
                    in: directory
                )
            }
            func version() async throws -> String {
                try await Client.run(
                    "/usr/bin/dpkg-query",
                    ["--admindir=\(root)/var/lib/dpkg", "-W", "-f", "${Version} ${db:Status-Status}", "latch"],
                    in: directory
                )
            }
            let (old, new) = (try await build(), try await build("--revision", "2"))
            #expect(try await dpkg("--install", old).contains("created the master key"))
            let before = try await version()
            let key = root + "/etc/latch/master.key"
            let attributes = try FileManager.default.attributesOfItem(atPath: key)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let made = try #require(FileManager.default.contents(atPath: key))
            #expect(Data(base64Encoded: made.dropLast())?.count == 32)
            #expect(try await start(root, key: made, in: directory, publishing: "kept") == [])

            // The administrator's changes, and what is retained, outlive an upgrade.
            let configuration = root + "/etc/latch/mosquitto.conf"
            let edited = try String(contentsOfFile: configuration, encoding: .utf8) + "# edited here\n"
            try edited.write(toFile: configuration, atomically: false, encoding: .utf8)
            #expect(!(try await dpkg("--install", new).contains("created the master key")))
            #expect(try await version() == before.replacing(" installed", with: "-2 installed"))
            #expect(FileManager.default.contents(atPath: key) == made)
            #expect(try String(contentsOfFile: configuration, encoding: .utf8) == edited)
            #expect(try await start(root, key: made, in: directory, publishing: "more") == ["kept"])

            // Removing leaves the configuration, purging does not; neither touches the store or the key.
            _ = try await dpkg("--remove", "latch")
            #expect(try await version() == before.replacing(" installed", with: "-2 config-files"))
            for path in ["/usr/bin/latch", "/lib/systemd/system/latch.service"] {
                #expect(!FileManager.default.fileExists(atPath: root + path), "\(path)")
            }
            #expect(try String(contentsOfFile: configuration, encoding: .utf8) == edited)
            _ = try await dpkg("--install", new)
            #expect(try await start(root, key: made, in: directory, publishing: "last") == ["kept", "more"])
            #expect(try await dpkg("--purge", "latch").contains("are left"))
            #expect(!FileManager.default.fileExists(atPath: configuration))
            #expect(FileManager.default.contents(atPath: key) == made)
            #expect(FileManager.default.fileExists(atPath: root + "/var/lib/latch/latch/latch.store"))
        }

        /// The installed program with the installed configuration, its port and its place moved, the key as systemd gives it.
        ///
        /// - Parameter topic: What is published, retained, before it is ended.
        /// - Returns: The topics that it retained when it was started.
        private func start(
            _ root: String,
            key: Data,
            in directory: TemporaryDirectory,
            publishing topic: String
        ) async throws -> [String] {
            let port = try FreePort.next()
            let text =
                try String(contentsOfFile: root + "/etc/latch/mosquitto.conf", encoding: .utf8)
                .replacing("listener 1883 127.0.0.1", with: "listener \(port) 127.0.0.1")
                .replacing("/var/lib/latch", with: root + "/var/lib/latch") + "user root\n"
            let configuration = try directory.write("installed.conf", text)
            let credentials = directory.file("credentials")
            try FileManager.default.createDirectory(atPath: credentials, withIntermediateDirectories: true)
            try key.write(to: URL(filePath: credentials + "/latch-key"))
            let retained = root + "/var/lib/latch/latch"
            let isNew = !FileManager.default.fileExists(atPath: retained)
            let process = try ChildProcess(
                root + "/usr/bin/latch",
                ["serve", "-c", configuration],
                environment: ["CREDENTIALS_DIRECTORY": credentials],
                in: directory
            )
            _ = try await process.wait(30, "the installed broker runs") { () -> Bool? in
                try #require(process.poll() == nil, "\(process.log)")
                return process.log.contains(" running\n") ? true : nil
            }
            let listed =
                isNew
                ? ""
                : try await Client.run(
                    root + "/usr/bin/latch",
                    ["retained", "ls", retained, "--json"],
                    environment: ["CREDENTIALS_DIRECTORY": credentials],
                    in: directory
                )
            try await Client.run(
                Executable.mosquittoPub(),
                ["-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-r", "-t", topic, "-m", "b"],
                in: directory
            )
            process.signal(SIGTERM)
            #expect(try await process.end() == .code(0))
            return try listed.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return try #require(object?["topic"] as? String)
            }
        }
    }
}
