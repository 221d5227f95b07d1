import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// Starting, again and again, and refusing to.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct StartTests {
        @Test func aSecondStartReusesTheStore() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let first = try await configuration.start()
            try await Client.publish(to: first, "-q", "1", "-r", "-t", "a", "-m", "kept")
            try await first.stop()
            let header = try Data(contentsOf: URL(filePath: configuration.storePath + "/latch.store"))
            let second = try await configuration.start()
            #expect(try await Client.subscribe(to: second, "-t", "a", "-C", "1", "-W", "20") == ["kept"])
            try await second.stop()
            #expect(try Data(contentsOf: URL(filePath: configuration.storePath + "/latch.store")) == header)
        }

        @Test func theStoreIsItsOwnersOnly() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try await configuration.start().stop()
            let attributes = try FileManager.default.attributesOfItem(atPath: configuration.storePath)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }

        @Test func aMissingKeyIsRefusedAndNoStoreIsMade() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.masterKey = nil
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(3), "\(log)")
            for way in ["--key-file", "--key-command", "LATCH_KEY"] {
                #expect(log.contains(way), "the message names \(way)\n\(log)")
            }
            #expect(!FileManager.default.fileExists(atPath: configuration.storePath + "/latch.store"))
        }

        @Test func aWrongKeyIsRefusedAndTheStoreStaysAsItIs() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "a", "-m", "kept")
            try await broker.kill()
            configuration.masterKey = BrokerConfiguration.otherKey
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(3), "\(log)")
            #expect(!log.contains(BrokerConfiguration.otherKey))
            configuration.masterKey = BrokerConfiguration.key
            let again = try await configuration.start()
            #expect(try await Client.subscribe(to: again, "-t", "a", "-C", "1", "-W", "20") == ["kept"])
            try await again.stop()
        }

        @Test func aBusyStoreIsRefused() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            var second = configuration
            second.port = try FreePort.next()
            second.webSocketPort = try FreePort.next()
            let (exit, log) = try await second.refusal()
            #expect(exit == .code(5), "\(log)")
            try await broker.stop()
        }

        @Test func aPortInUseIsRefused() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            var second = try BrokerConfiguration(in: TemporaryDirectory())
            second.port = broker.port
            let (exit, log) = try await second.refusal()
            #expect(exit == .code(6), "\(log)")
            #expect(log.contains("\(broker.port)"))
            try await broker.stop()
        }

        @Test func anUnknownDirectiveIsRefusedByFileAndLine() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.wholeText = "listener \(configuration.port) 127.0.0.1\nlistner 1\n"
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(2), "\(log)")
            #expect(log.contains("mosquitto.conf:2"), "\(log)")
        }

        @Test func withoutArgumentsStoreAndKeyAreMadeInTheUsersDirectories() async throws {
            let directory = try TemporaryDirectory()
            let port = try FreePort.next()
            func start() throws -> ChildProcess {
                try ChildProcess(
                    Executable.broker(),
                    ["serve", "-p", "\(port)"],
                    environment: [
                        "HOME": directory.path,
                        "XDG_STATE_HOME": directory.file("state"),
                        "XDG_CONFIG_HOME": directory.file("config"),
                    ],
                    in: directory
                )
            }
            let first = try start()
            _ = try await first.wait(30, "the broker runs") { first.log.contains(" running\n") ? true : nil }
            let key = try Data(contentsOf: URL(filePath: directory.file("config/latch/master.key")))
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("config/latch/master.key"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            for hint in [directory.file("state/latch"), directory.file("config/latch/master.key"), "mosquitto_pub"] {
                #expect(first.log.contains(hint), "the first start names \(hint)\n\(first.log)")
            }
            try await Client.run(
                Executable.mosquittoPub(),
                ["-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-r", "-t", "a", "-m", "kept"],
                in: directory
            )
            try await first.kill()

            let second = try start()
            _ = try await second.wait(30, "the broker runs again") { second.log.contains(" running\n") ? true : nil }
            let output = try await Client.run(
                Executable.mosquittoSub(),
                ["-h", "127.0.0.1", "-p", "\(port)", "-t", "a", "-C", "1", "-W", "20"],
                in: directory
            )
            #expect(output == "kept\n")
            #expect(try Data(contentsOf: URL(filePath: directory.file("config/latch/master.key"))) == key)
            second.signal(SIGINT)
            #expect(try await second.end() == .code(0))
        }
    }
}
