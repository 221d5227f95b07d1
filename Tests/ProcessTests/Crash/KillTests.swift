import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// D1: acknowledged ⊆ recovered ⊆ attempted, after SIGKILL at any instant.
    @Suite struct KillTests {
        private static let rounds = 20

        /// One store, killed twenty times under a load of retained messages and clears at a random moment; after every
        /// restart each topic holds at least what was acknowledged and at most what was sent.
        ///
        /// The seed is printed; `LATCH_TEST_SEED` gives it again.
        @Test(.enabled(if: !Executable.isMosquitto))
        func everyAcknowledgedMessageIsFoundAfterEveryKill() async throws {
            var random = SeededRandom.announced()
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let record = configuration.directory.file("record")
            var broker = try await configuration.start()
            var acknowledged = 0
            for round in 1...Self.rounds {
                let load = try ChildProcess(
                    Executable.latch(),
                    [
                        "bench", "load", "--url", broker.url, "--record", record, "--seconds", "30", "--topics", "5000",
                        "--connections", "4", "--qos", random.next(below: 4) == 0 ? "2" : "1", "--clear-every", "11",
                        "--window", "\([1, 16, 256, 1024][random.next(below: 4)])", "--json",
                    ],
                    in: configuration.directory
                )
                try await Task.sleep(for: .milliseconds(20 + random.next(below: 600)))
                try await broker.kill()
                try #require(try await load.end() == .code(0), "round \(round): \(load.log)")
                acknowledged += try Self.acknowledged(load.standardOutput)

                broker = try await configuration.start()
                let check = try ChildProcess(
                    Executable.latch(),
                    ["bench", "check", "--url", broker.url, "--record", record],
                    in: configuration.directory
                )
                try #require(try await check.end() == .code(0), "round \(round): \(check.log)")
            }
            #expect(acknowledged > 0, "no load was acknowledged: nothing was tested")
            try await broker.stop()
        }

        private static func acknowledged(_ json: String) throws -> Int {
            let report = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            return try #require(report?["acknowledged"] as? Int)
        }
    }
}
