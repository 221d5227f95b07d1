import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// Damage to stores that a real broker made, and what the commands and the broker make of it.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct SalvageTests {
        private func latch(
            _ configuration: BrokerConfiguration,
            _ arguments: String...,
            expecting exit: Exit = .code(0),
            _ location: SourceLocation = #_sourceLocation
        ) async throws -> (output: String, errors: String) {
            let process = try ChildProcess(
                Executable.latch(),
                [arguments[0], configuration.storePath] + arguments.dropFirst(),
                environment: ["LATCH_KEY": BrokerConfiguration.key],
                in: configuration.directory
            )
            let ended = try await process.end(withinSeconds: 60, location)
            let (output, errors) = (process.standardOutput, process.standardError)
            #expect(ended == exit, "\(output)\(errors)", sourceLocation: location)
            return (output, errors)
        }

        private func report(_ output: String) throws -> [String: Any] {
            try #require(
                try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
                "\(output)"
            )
        }

        private func checkpoint(_ broker: RunningBroker) async throws {
            let count = broker.process.log.components(separatedBy: "checkpoint done").count
            broker.process.signal(SIGUSR1)
            _ = try await broker.process.wait(20, "a checkpoint is made") {
                broker.process.log.components(separatedBy: "checkpoint done").count > count ? true : nil
            }
        }

        /// A store with `t` and `u` in the index, and its broker stopped.
        private func indexed(_ values: [String]) async throws -> BrokerConfiguration {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            for value in values {
                let broker = try await configuration.start()
                for topic in ["t", "u"] {
                    try await Client.publish(to: broker, "-i", "publisher", "-q", "1", "-r", "-t", topic, "-m", value)
                }
                try await checkpoint(broker)
                try await broker.stop()
            }
            return configuration
        }

        private func indexPath(_ configuration: BrokerConfiguration) -> String {
            configuration.storePath + "/index/data.mdb"
        }

        /// A store with five topics in its journal, one byte of the second message changed, with the index as it was.
        private func damagedJournal() async throws -> BrokerConfiguration {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            for number in 1...5 {
                try await Client.publish(
                    to: broker,
                    "-q",
                    "1",
                    "-r",
                    "-t",
                    "house/\(number)",
                    "-m",
                    "message \(number)"
                )
            }
            try await broker.stop()
            let path = configuration.storePath + "/journal/00000000000000000001.journal"
            var bytes = try Data(contentsOf: URL(filePath: path))
            let magic = Data("GRUP".utf8)
            let first = try #require(bytes.range(of: magic, in: 4_096..<bytes.count))
            let second = try #require(bytes.range(of: magic, in: first.upperBound..<bytes.count))
            bytes[second.lowerBound + 48 + 150] ^= 1
            try bytes.write(to: URL(filePath: path))
            return configuration
        }

        private func damageIndex(_ configuration: BrokerConfiguration) throws {
            var pages = try IndexPages(path: indexPath(configuration))
            pages.scatterNodes()
            try pages.write(to: indexPath(configuration))
        }

        private func lockBytes(_ configuration: BrokerConfiguration) throws -> Data {
            try Data(contentsOf: URL(filePath: configuration.storePath + "/lock"))
        }

        // MARK: - Finding

        @Test("S3: verify finds a record that was taken out of the index") func deletedRecord() async throws {
            let configuration = try await indexed(["one"])
            var pages = try IndexPages(path: indexPath(configuration))
            pages.deleteLastRecords()
            try pages.write(to: indexPath(configuration))
            let (output, _) = try await latch(configuration, "verify", expecting: .code(4))
            #expect(output.contains("number of records should be 2, found 1"), "\(output)")
            #expect(output.contains("set digest should be"), "\(output)")
        }

        @Test("S3: verify finds a record that was rolled back to an older valid version") func rolledBack() async throws
        {
            let configuration = try await indexed(["one"])
            let old = try IndexPages(path: indexPath(configuration))
            let again = try await configuration.start()
            try await Client.publish(to: again, "-i", "publisher", "-q", "1", "-r", "-t", "u", "-m", "two")
            try await checkpoint(again)
            try await again.stop()
            _ = try await latch(configuration, "verify")
            var pages = try IndexPages(path: indexPath(configuration))
            let older = try #require(old.values().max { $0.version < $1.version })
            let newest = try #require(pages.values().max { $0.version < $1.version })
            try #require(older.range.count == newest.range.count && older.version < newest.version)
            pages.bytes.replaceSubrange(newest.range, with: old.bytes[older.range])
            try pages.write(to: indexPath(configuration))
            let (output, _) = try await latch(configuration, "verify", expecting: .code(4))
            #expect(output.contains("set digest should be") && output.contains("1 place"), "\(output)")
        }

        @Test func recoverSaysInJSONWhatIsDamagedAndTouchesNothing() async throws {
            let configuration = try await damagedJournal()
            let journal = configuration.storePath + "/journal/00000000000000000001.journal"
            let before = try Data(contentsOf: URL(filePath: journal))
            let (output, errors) = try await latch(configuration, "recover", "--json", expecting: .code(4))
            let damage = try #require(try report(output)["damage"] as? [[String: Any]])
            #expect(damage.contains { $0["file"] as? String == journal }, "\(output)")
            #expect(errors.contains("--salvage"), "\(errors)")
            #expect(try Data(contentsOf: URL(filePath: journal)) == before)
            #expect(!FileManager.default.fileExists(atPath: configuration.storePath + "/quarantine"))
        }

        // MARK: - Saving

        @Test func salvageKeepsAllButTheDamagedMessage() async throws {
            let configuration = try await damagedJournal()
            let (output, errors) = try await latch(configuration, "recover", "--salvage", "--json")
            let whole = try report(output)
            let salvage = try #require(whole["salvage"] as? [String: Any])
            #expect(whole["damagedPlaces"] as? Int == 0 && whole["retainedSet"] as? Int == 4, "\(output)")
            #expect(salvage["keptRecords"] as? Int == 4 && salvage["journalQuarantined"] as? Int == 1)
            #expect(salvage["lost"] as? Int == 1 && salvage["journalMissing"] as? Int == 0)
            let unsaved = try #require((salvage["unsaved"] as? [[String: Any]])?.first)
            #expect(unsaved["version"] as? Int == 2 && unsaved["dataKey"] as? String != nil, "\(unsaved)")
            let quarantine = try #require(salvage["quarantine"] as? String)
            #expect(errors.contains("has been salvaged") && errors.contains(quarantine), "\(errors)")
            var status = stat()
            #expect(stat(quarantine, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let sealed = try Data(contentsOf: URL(filePath: quarantine))
            #expect(sealed.starts(with: Data("LATCHQT\0".utf8)))
            #expect(sealed.range(of: Data("message".utf8)) == nil && sealed.range(of: Data("house".utf8)) == nil)
            let broker = try await configuration.start()
            let found = try await Client.subscribe(to: broker, "-t", "house/#", "-C", "4", "-F", "%t %p", "-W", "10")
            #expect(Set(found) == Set([1, 3, 4, 5].map { "house/\($0) message \($0)" }))
            let (health, _) = try await latch(configuration, "health")
            #expect(health.contains("healthy") && health.contains(quarantine), "\(health)")
            try await broker.stop()
            // A second one finds nothing to do.
            let (second, _) = try await latch(configuration, "recover", "--salvage", "--json")
            #expect(try report(second)["salvage"] == nil, "\(second)")
        }

        @Test func salvageSavesTheJournalOfAStoreWhoseIndexEndsItsReader() async throws {
            let configuration = try await indexed(["one"])
            let broker = try await configuration.start()
            try await Client.publish(to: broker, "-i", "publisher", "-q", "1", "-r", "-t", "u", "-m", "two")
            try await broker.stop()
            try damageIndex(configuration)
            let (found, _) = try await latch(configuration, "recover", "--json", expecting: .code(4))
            let damage = try #require(try report(found)["damage"] as? [[String: Any]])
            #expect((damage.first?["file"] as? String)?.hasSuffix("data.mdb") == true, "\(found)")
            let (output, _) = try await latch(configuration, "recover", "--salvage")
            #expect(output.contains("quarantine  \(configuration.storePath)/quarantine/"), "\(output)")
            let again = try await configuration.start()
            #expect(try await Client.subscribe(to: again, "-t", "u", "-C", "1", "-W", "10") == ["two"])
            try await again.stop()
            _ = try await latch(configuration, "verify")
        }

        @Test func theBrokerRefusesADamagedStoreUnlessItIsToSalvageIt() async throws {
            var configuration = try await damagedJournal()
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(4) && log.contains("recover_on_start salvage"), "\(log)")
            configuration.lines.append("recover_on_start salvage")
            let broker = try await configuration.start()
            let words = broker.process.log
            #expect(words.contains("has been salvaged: 4 records kept") && words.contains("1 lost"), "\(words)")
            #expect(words.contains(configuration.storePath + "/quarantine/") && !words.contains("house/2"), "\(words)")
            let found = try await Client.subscribe(to: broker, "-t", "house/#", "-C", "4", "-F", "%t", "-W", "10")
            #expect(Set(found) == Set([1, 3, 4, 5].map { "house/\($0)" }))
            let (health, _) = try await latch(configuration, "health", "--json")
            #expect((try report(health)["quarantine"] as? [String])?.count == 1, "\(health)")
            try await broker.stop()
            // It stays to be seen, until somebody has dealt with it.
            let again = try await configuration.start()
            #expect(try await latch(configuration, "health").output.contains("quarantine"))
            try await again.stop()
        }

        // MARK: - After a crash

        @Test func aDeathBySignalIsNotedAndAKillIsNot() async throws {
            var configuration = try await indexed(["one"])
            // The trace that the language's runtime draws takes its time.
            configuration.environment = ["SWIFT_BACKTRACE": "enable=no"]
            let killed = try await configuration.start()
            try await killed.kill()
            #expect(try lockBytes(configuration).isEmpty)
            let crashed = try await configuration.start()
            #expect(!crashed.process.log.contains("looking at the index"))
            crashed.process.signal(SIGBUS)
            _ = try await crashed.process.end()
            #expect(try lockBytes(configuration) == Data([UInt8(SIGBUS)]))
            let again = try await configuration.start()
            #expect(again.process.log.contains("ended by signal \(SIGBUS)"), "\(again.process.log)")
            #expect(again.process.log.contains("the crash had another cause"))
            #expect(try lockBytes(configuration).isEmpty)
            try await again.stop()
        }

        @Test func afterACrashADamagedIndexIsAFindingAndNotTheNextCrash() async throws {
            var configuration = try await indexed(["one"])
            try damageIndex(configuration)
            try Data([UInt8(SIGSEGV)]).write(to: URL(filePath: configuration.storePath + "/lock"))
            let (exit, log) = try await configuration.refusal()
            #expect(exit == .code(4) && log.contains("data.mdb") && log.contains("--salvage"), "\(log)")
            // It is looked at again until somebody has mended it.
            #expect(try lockBytes(configuration) == Data([UInt8(SIGSEGV)]))
            configuration.lines.append("recover_on_start salvage")
            let broker = try await configuration.start()
            #expect(broker.process.log.contains("has been salvaged"), "\(broker.process.log)")
            #expect(try lockBytes(configuration).isEmpty)
            try await Client.publish(to: broker, "-i", "publisher", "-q", "1", "-r", "-t", "t", "-m", "again")
            try await broker.stop()
        }

        @Test("an index that is no file is a finding, and keeps nobody busy") func pipe() async throws {
            let configuration = try await indexed(["one"])
            unlink(indexPath(configuration))
            // Nobody ever writes into it, so that opening it as a file is opened does not return.
            try #require(mkfifo(indexPath(configuration), 0o600) == 0)
            let (output, _) = try await latch(configuration, "verify", "--json", expecting: .code(4))
            let damage = try #require(try report(output)["damage"] as? [[String: Any]])
            #expect(damage.first?["field"] as? String == "meta page", "\(output)")
        }
    }
}
