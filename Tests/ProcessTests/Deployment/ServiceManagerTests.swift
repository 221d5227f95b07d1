import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// What systemd hears from the broker: READY, the watchdog's signs of life, RELOADING, STOPPING.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct ServiceManagerTests {
        @Test func theServiceManagerIsToldHowTheBrokerIs() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try configuration.write()
            // A socket's path has room for 107 bytes.
            let socketPath = "/tmp/latch-notify-\(getpid())-\(configuration.port)"
            defer { unlink(socketPath) }
            let manager = try NotificationSocket(path: socketPath)
            let process = try ChildProcess(
                Executable.latch(),
                ["serve", "-c", configuration.configurationPath],
                environment: [
                    "HOME": configuration.directory.path, "LATCH_KEY": BrokerConfiguration.key,
                    "NOTIFY_SOCKET": socketPath, "WATCHDOG_USEC": "100000",
                ],
                in: configuration.directory
            )
            _ = try await process.wait(30, "the broker says that it is ready") {
                manager.heard().contains("READY=1") ? true : nil
            }
            // Said only when clients can connect.
            try await Client.publish(
                to: RunningBroker(process: process, configuration: configuration),
                "-t",
                "a",
                "-m",
                "b"
            )
            _ = try await process.wait(30, "the broker says that it lives") {
                manager.heard().count { $0 == "WATCHDOG=1" } >= 3 ? true : nil
            }
            process.signal(SIGHUP)
            _ = try await process.wait(30, "the broker says that it has reloaded") { () -> Bool? in
                let heard = manager.heard()
                guard let reloading = heard.firstIndex(where: { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }) else {
                    return nil
                }
                return heard[reloading...].contains("READY=1") ? true : nil
            }
            process.signal(SIGTERM)
            #expect(try await process.end() == .code(0))
            #expect(manager.heard().contains("STOPPING=1"))
        }

        @Test func aWatchdogOfAnotherProcessIsLeftAlone() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            try configuration.write()
            let socketPath = "/tmp/latch-notify-\(getpid())-\(configuration.port)"
            defer { unlink(socketPath) }
            let manager = try NotificationSocket(path: socketPath)
            let process = try ChildProcess(
                Executable.latch(),
                ["serve", "-c", configuration.configurationPath],
                environment: [
                    "HOME": configuration.directory.path, "LATCH_KEY": BrokerConfiguration.key,
                    "NOTIFY_SOCKET": socketPath, "WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1",
                ],
                in: configuration.directory
            )
            _ = try await process.wait(30, "the broker says that it is ready") {
                manager.heard().contains("READY=1") ? true : nil
            }
            process.signal(SIGTERM)
            #expect(try await process.end() == .code(0))
            // Another process's watchdog is none of its business.
            #expect(manager.heard() == ["READY=1", "STOPPING=1"])
        }
    }
}
