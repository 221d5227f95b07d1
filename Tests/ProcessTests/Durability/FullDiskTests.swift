import Foundation
import Testing

extension ProcessTests {
    /// D3 as clients see it: a broker whose disk is full, and then is not.
    @Suite(.enabled(if: !Executable.isMosquitto && SmallDisk.isAvailable)) struct FullDiskTests {
        private func publish(
            _ broker: RunningBroker,
            _ version: Int,
            qos: Int,
            _ topic: String,
            isRepeated: Bool = false
        ) async throws -> String {
            let arguments = [
                Executable.client("raw_publish.py"), "\(broker.port)", "\(version)", "\(qos)", topic, "late",
            ]
            return try await Client.run(
                Executable.python(),
                arguments + (isRepeated ? ["dup"] : []),
                in: broker.directory
            )
        }

        @Test(
            "D3: a full disk refuses retained messages by a reason code, lets others pass, recovers and loses nothing"
        )
        func fullDisk() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            // Room for one segment of the journal, and for another one without the filler.
            let disk = try SmallDisk(for: configuration, megabytes: 176, fillerMegabytes: 80)
            configuration.launcher = disk.launcher
            let broker = try await configuration.start()
            let subscriber = try await LiveSubscriber(to: broker, "-t", "plain/#", "-q", "1")

            // A session that is to outlive the broker needs room of its own, so it is there before.
            #expect(try await publish(broker, 4, qos: 2, "late/old-2") == "pubrec 00\npubcomp 00\n")
            let kept = try await Client.run(
                Executable.python(),
                [Executable.client("fill_store.py"), "\(broker.port)", "fill"],
                in: broker.directory
            ).split(separator: "\n").map(String.init)
            #expect(kept.count > 60)

            #expect(try await publish(broker, 5, qos: 1, "late/new-1") == "puback 97\n")
            #expect(try await publish(broker, 5, qos: 2, "late/new-2") == "pubrec 97\n")
            #expect(try await publish(broker, 4, qos: 1, "late/old-1") == "closed\n")
            // Not PUBREC for what was never stored, neither the first time nor when the client tries again.
            for isRepeated in [false, true, true] {
                #expect(try await publish(broker, 4, qos: 2, "late/old-2", isRepeated: isRepeated) == "closed\n")
            }
            try await Client.publish(to: broker, "-q", "1", "-t", "plain/a", "-m", "x")
            try await subscriber.wait(for: "plain/a 1 0 x")
            let health = try await disk.run("\(Executable.latch()) health \(configuration.storePath)")
            #expect(health.code == "7" && health.output.contains("full"), "\(health.output)")
            #expect(broker.process.log.components(separatedBy: "retained messages are refused").count == 2)

            try await disk.run("rm \(configuration.dataPath)/filler")
            _ = try await broker.process.wait(30, "retained messages are taken again") {
                broker.process.log.contains("retained messages are taken again") ? true : nil
            }
            #expect(try await publish(broker, 4, qos: 2, "late/old-2", isRepeated: true) == "pubrec 00\npubcomp 00\n")
            #expect(try await publish(broker, 5, qos: 1, "late/new-1") == "puback 10\n")
            let healthAfter = try await disk.run("\(Executable.latch()) health \(configuration.storePath)")
            #expect(healthAfter.code == "0", "\(healthAfter.output)")
            #expect(broker.process.log.components(separatedBy: "retained messages are refused").count == 2)

            try await broker.kill()
            let other = try BrokerConfiguration(in: TemporaryDirectory())
            try other.write()
            let copy = try await disk.run("cp -r \(configuration.storePath) \(other.storePath)")
            #expect(copy.code == "0", "\(copy.output)")
            disk.end()
            let again = try await other.start()
            let expected = Set(kept + ["late/old-2", "late/new-1"])
            let found = try await Client.subscribe(
                to: again,
                "-t",
                "#",
                "-F",
                "%t",
                "-C",
                "\(expected.count)",
                "-W",
                "30"
            )
            #expect(Set(found) == expected)
            try await again.stop()
        }
    }
}
