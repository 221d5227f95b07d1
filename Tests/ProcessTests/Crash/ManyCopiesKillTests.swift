import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// A message whose copies for absent clients do not fit in one group of the journal.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct ManyCopiesKillTests {
        /// One more than the copies that fill a group.
        private static let sessionCount = 9
        private static let payloadBytes = 1 << 20

        @Test("Killed at any write of a message for many absent clients, the broker delivers it to each of them once")
        func eachGetsItOnce() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            let first = try await configuration.start()
            for number in 0..<Self.sessionCount { _ = try await subscribe(number, first, "-E") }
            try await first.stop()
            var killedCount = 0
            var isSurvived = false
            var count = 0
            while !isSurvived {
                count += 1
                try #require(count < 40, "the load never ends")
                configuration.environment = try await FaultLibrary.environment(
                    "segment-write",
                    count,
                    "kill",
                    in: configuration.directory
                )
                let process = try await configuration.startOrEnd()
                configuration.environment = [:]
                // One that was killed at its start has taken nothing.
                guard process.poll() == nil else { continue }
                let publisher = try ChildProcess(
                    Executable.python(),
                    [
                        Executable.client("paho_publish_exactly_once.py"), "--port", "\(configuration.port)",
                        "--payload-bytes", "\(Self.payloadBytes)",
                    ],
                    in: configuration.directory
                )
                _ = try await process.wait(60, "the broker is killed, or has everything") { () -> Bool? in
                    process.poll() != nil || publisher.poll() != nil ? true : nil
                }
                isSurvived = process.poll() == nil
                if isSurvived {
                    process.signal(SIGTERM)
                } else {
                    killedCount += 1
                }
                _ = try await process.end()
                let broker = try await configuration.start()
                #expect(try await publisher.end(withinSeconds: 60) == .code(0), "\(publisher.log)")
                for number in 0..<Self.sessionCount {
                    let lengths = try await subscribe(number, broker, "-C", "2", "-W", "20", "-F", "%l")
                    #expect(lengths == ["\(Self.payloadBytes)", "3"], "write \(count), session \(number)")
                }
                try await broker.stop()
            }
            // Two groups at least are this message's.
            #expect(killedCount > 2)
            // The sessions, their subscriptions and the publisher's session: of what was begun and not finished nothing is left.
            let verified = try await LatchProgram.run(
                ["verify", configuration.storePath, "--json"],
                in: configuration.directory
            )
            let report = try TestStore.object(verified.standardOutput)
            #expect(report["sessionRecords"] as? Int == 2 * Self.sessionCount + 1)
        }

        private func subscribe(_ number: Int, _ broker: RunningBroker, _ arguments: String...) async throws -> [String]
        {
            try await Client.subscribe(
                to: broker,
                ["-c", "-i", "away-\(number)", "-q", "2", "-t", "many/#"] + arguments
            )
        }
    }
}
