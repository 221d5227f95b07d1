import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// What systemd hears from the broker: READY, the watchdog's signs of life, RELOADING, STOPPING.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct ServiceManagerTests {
        /// A broker under a manager that listens at a path of its own.
        private func start(
            _ variables: [String: String],
            _ configuration: BrokerConfiguration? = nil
        ) async throws -> (broker: RunningBroker, manager: NotificationSocket) {
            let configuration = try configuration ?? BrokerConfiguration(in: TemporaryDirectory())
            try configuration.write()
            // A socket's path has room for 107 bytes.
            let manager = try NotificationSocket(path: "/tmp/latch-notify-\(getpid())-\(configuration.port)")
            let process = try ChildProcess(
                Executable.latch(),
                ["serve", "-c", configuration.configurationPath],
                environment: [
                    "HOME": configuration.directory.path, "LATCH_KEY": BrokerConfiguration.key,
                    "NOTIFY_SOCKET": manager.path,
                ].merging(variables) { $1 },
                in: configuration.directory
            )
            _ = try await process.wait(30, "the broker says that it is ready") {
                manager.heard().contains("READY=1") ? true : nil
            }
            return (RunningBroker(process: process, configuration: configuration), manager)
        }

        @Test func theServiceManagerIsToldHowTheBrokerIs() async throws {
            let (broker, manager) = try await start(["WATCHDOG_USEC": "100000"])
            // Said only when clients can connect.
            try await Client.publish(to: broker, "-t", "a", "-m", "b")
            _ = try await broker.process.wait(30, "the broker says that it lives") {
                manager.heard().count { $0 == "WATCHDOG=1" } >= 3 ? true : nil
            }
            broker.process.signal(SIGHUP)
            _ = try await broker.process.wait(30, "the broker says that it has reloaded") { () -> Bool? in
                let heard = manager.heard()
                guard let reloading = heard.firstIndex(where: { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }) else {
                    return nil
                }
                return heard[reloading...].contains("READY=1") ? true : nil
            }
            try await broker.stop()
            #expect(manager.heard().contains("STOPPING=1"))
        }

        /// A failed store is no sign of life, whatever the event loops do; and the broker ends by itself.
        @Test func theWatchdogHearsNoMoreOfABrokerWhoseStoreHasFailed() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            // Each acknowledged message is a sync: one of the first dozen fails, long after the start.
            let fault = try await FaultLibrary.environment("segment-sync", 12, "5", in: configuration.directory)
            let (broker, manager) = try await start(
                ["WATCHDOG_USEC": "100000"].merging(fault) { $1 },
                configuration
            )
            _ = try await broker.process.wait(30, "the broker says that it lives") {
                manager.heard().contains("WATCHDOG=1") ? true : nil
            }
            try await Client.bench("load", broker, "--seconds", "2", "--topics", "10", "--qos", "1", expecting: nil)
            #expect(try await broker.process.end(withinSeconds: 30) == .code(7), "\(broker.process.log)")
            let heard = manager.heard()
            let failed = try #require(heard.firstIndex { $0.hasPrefix("STATUS=The store has failed") }, "\(heard)")
            #expect(!heard[failed...].contains("WATCHDOG=1"))
        }

        @Test func aWatchdogOfAnotherProcessIsLeftAlone() async throws {
            let (broker, manager) = try await start(["WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"])
            try await broker.stop()
            #expect(manager.heard() == ["READY=1", "STOPPING=1"])
        }
    }
}
