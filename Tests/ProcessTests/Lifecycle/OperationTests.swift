import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// What an administrator configures around the broker: keys, logs, sockets, the background.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct OperationTests {
        /// Starts a program with a configuration's file and waits for the line that says that it runs.
        private func start(
            _ configuration: BrokerConfiguration,
            _ path: String? = nil,
            _ arguments: [String]? = nil,
            environment: [String: String] = ["LATCH_KEY": BrokerConfiguration.key],
            log: String? = nil
        ) async throws -> ChildProcess {
            try configuration.write()
            let process = try ChildProcess(
                path ?? Executable.broker(),
                arguments ?? ["serve", "-c", configuration.configurationPath],
                environment: environment.merging(["TMPDIR": configuration.directory.path]) { $1 },
                in: configuration.directory
            )
            _ = try await process.wait(30, "the broker runs") { () -> Bool? in
                if let exit = process.poll() { throw BrokerDidNotStart(exit: exit) }
                let text = log.map { Self.text($0) } ?? process.log
                return text.contains(" running\n") ? true : nil
            }
            return process
        }

        private static func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }

        private func stop(_ process: ChildProcess) async throws {
            process.signal(SIGTERM)
            #expect(try await process.end(withinSeconds: 30) == .code(0), "\(process.log)")
        }

        @Test func aPassphraseOpensTheStoreThatItMade() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            for _ in 0..<2 {
                try await stop(start(configuration, environment: ["GOCRYPT_PASSWORD": "correct horse"]))
            }
            let other = try ChildProcess(
                Executable.broker(),
                ["serve", "-c", configuration.configurationPath],
                environment: ["GOCRYPT_PASSWORD": "wrong horse"],
                in: configuration.directory
            )
            #expect(try await other.end() == .code(3), "\(other.log)")
            #expect(other.log.contains("passphrase") && !other.log.contains("horse"), "\(other.log)")
        }

        @Test func withoutPersistenceNothingStays() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.wholeText = "listener \(configuration.port) 127.0.0.1\nallow_anonymous true\nuser root\n"
            let process = try await start(configuration, environment: [:])
            func stores() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: configuration.directory.path)
                    .filter { $0.hasPrefix("latch-") && !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }
            }
            #expect(try stores().count == 1)
            #expect(process.log.components(separatedBy: "persistence is false").count == 2, "\(process.log)")
            try await stop(process)
            #expect(try stores().isEmpty)
        }

        @Test(arguments: ["mosquitto.db", "gocryptfs.conf"])
        func whatAnOlderDeploymentLeftIsNotPassedOver(name: String) async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try configuration.write()
            try configuration.directory.write("data/" + name, "x")
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(2), "\(log)")
            #expect(log.contains("latch import"), "\(log)")
        }

        @Test func logFileProcessFileUnixSocketAndIncludes() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let (directory, log) = (configuration.directory, configuration.directory.file("latch.log"))
            try FileManager.default.createDirectory(atPath: directory.file("conf.d"), withIntermediateDirectories: true)
            let socket = directory.file("s")
            try directory.write("conf.d/a.conf", "listener 0 \(socket)\n")
            try directory.write("conf.d/ignored.txt", "nonsense\n")
            configuration.lines = [
                "log_dest file \(log)", "log_timestamp_format %Y-%m-%dT%H:%M:%S", "pid_file \(directory.file("pid"))",
                "include_dir \(directory.file("conf.d"))",
            ]
            let process = try await start(configuration, log: log)
            #expect(Self.text(directory.file("pid")) == "\(process.pid)\n")
            try await Client.run(
                Executable.mosquittoPub(),
                ["--unix", socket, "-q", "1", "-t", "a", "-m", "x"],
                in: directory
            )
            #expect(Self.text(log).contains("Opening unix listen socket on path \(socket)."))
            let first = try #require(Self.text(log).split(separator: "\n").first)
            #expect(
                first.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d: latch version .* starting/) != nil,
                "\(first)"
            )

            // Two ways in which logrotate asks for a new file.
            for (number, signal) in [SIGHUP, __libc_current_sigrtmin()].enumerated() {
                try FileManager.default.moveItem(atPath: log, toPath: log + ".\(number)")
                process.signal(signal)
                _ = try await process.wait(20, "the log is begun anew") {
                    FileManager.default.fileExists(atPath: log) ? true : nil
                }
            }
            process.signal(SIGUSR1)
            _ = try await process.wait(20, "a checkpoint is made") {
                Self.text(log).contains("checkpoint done") ? true : nil
            }
            try await stop(process)
            #expect(!FileManager.default.fileExists(atPath: directory.file("pid")))
            #expect(!Self.text(log + ".0").contains("Reloading"))
            #expect(
                Self.text(log + ".1").contains("Reloading config.") && !Self.text(log + ".1").contains("checkpoint")
            )
            #expect(process.log == "")
        }

        @Test func aLinkCalledMosquittoTakesMosquittosArguments() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let link = configuration.directory.file("mosquitto")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Executable.latch())
            let port = try FreePort.next()
            let process = try await start(
                configuration,
                link,
                ["-c", configuration.configurationPath, "-p", "\(port)", "-v"]
            )
            for port in [port, configuration.port] {
                #expect(process.log.contains("listen socket on port \(port)."), "\(process.log)")
            }
            try await stop(process)
        }

        @Test func aConfigurationIsTestedWithoutBeingRun() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.acl = "topic readwrite a\n"
            func test() async throws -> ChildProcess {
                try configuration.write()
                let process = try ChildProcess(
                    Executable.broker(),
                    ["serve", "--test-config", "-c", configuration.configurationPath],
                    in: configuration.directory
                )
                try await process.end()
                return process
            }
            #expect(try await test().poll() == .code(0))
            #expect(!FileManager.default.fileExists(atPath: configuration.storePath))
            configuration.acl = "topic readwrite a\ntopic raedwrite b c\n"
            let refused = try await test()
            #expect(refused.poll() == .code(2))
            #expect(refused.log.contains("aclfile:2"), "\(refused.log)")
        }

        @Test func inTheBackgroundItRunsBeforeTheCommandEnds() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let processFile = configuration.directory.file("pid")
            configuration.lines = ["pid_file \(processFile)", "log_dest file \(configuration.directory.file("log"))"]
            try configuration.write()
            func start() async throws -> Exit {
                try await ChildProcess(
                    Executable.broker(),
                    ["serve", "-dv", "-c", configuration.configurationPath],
                    environment: ["LATCH_KEY": BrokerConfiguration.key],
                    in: configuration.directory
                ).end(withinSeconds: 30)
            }
            #expect(try await start() == .code(0))
            let text = Self.text(processFile).trimmingCharacters(in: .newlines)
            let process = try #require(pid_t(text))
            defer { kill(process, SIGKILL) }
            try await Client.run(
                Executable.mosquittoPub(),
                ["-h", "127.0.0.1", "-p", "\(configuration.port)", "-q", "1", "-t", "a", "-m", "x"],
                in: configuration.directory
            )
            // What keeps the second one from running comes back through the first process.
            #expect(try await start() == .code(5))
        }

        @Test func subscriptionsAreLoggedWhereTheyAreAskedFor() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.lines = ["log_type information", "log_type subscribe", "log_type unsubscribe"]
            let process = try await start(configuration)
            try await Client.run(
                Executable.mosquittoSub(),
                [
                    "-h", "127.0.0.1", "-p", "\(configuration.port)", "-i", "quokka", "-q", "1", "-t", "house/#",
                    "-U", "house/hall", "-E",
                ],
                in: configuration.directory
            )
            // The client does not wait for the answer to what it sent last.
            _ = try await process.wait(20, "the end of the subscription is logged") {
                process.log.contains(": quokka house/hall\n") ? true : nil
            }
            try await stop(process)
            #expect(process.log.contains(": quokka 1 house/#\n"), "\(process.log)")
        }

        @Test func coreDumpsAreOff() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let process = try await start(configuration)
            let limits = Self.text("/proc/\(process.pid)/limits")
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(line.split(separator: " ").filter { $0 == "0" }.count == 2, "\(line)")
            try await stop(process)
            // Its directory goes with it, and must not go before.
            withExtendedLifetime(configuration) {}
        }
    }
}
