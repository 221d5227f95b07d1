import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// `latch recover` and `latch verify` on a store whose broker was killed.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct RecoveryTests {
        private static let topics = (1...5).map { "house/room\($0)" }

        /// A store with four retained messages and a cleared one, its broker killed.
        private func killed() async throws -> BrokerConfiguration {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            for topic in Self.topics { try await Client.publish(to: broker, "-q", "1", "-r", "-t", topic, "-m", "x") }
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", Self.topics[0], "-n")
            try await broker.kill()
            return configuration
        }

        private func run(
            _ verb: String,
            _ configuration: BrokerConfiguration,
            _ arguments: String...,
            key: String? = BrokerConfiguration.key,
            expecting exit: Exit = .code(0),
            _ location: SourceLocation = #_sourceLocation
        ) async throws -> (output: String, errors: String) {
            let process = try ChildProcess(
                Executable.latch(),
                [verb, configuration.storePath] + arguments,
                environment: key.map { ["LATCH_KEY": $0] } ?? [:],
                in: configuration.directory
            )
            let ended = try await process.end(location)
            let (output, errors) = (process.standardOutput, process.standardError)
            #expect(ended == exit, "\(output)\(errors)", sourceLocation: location)
            return (output, errors)
        }

        /// Every file of a store and what is in it.
        private func contents(_ configuration: BrokerConfiguration) throws -> [String: Data] {
            var contents: [String: Data] = [:]
            let names = FileManager.default.enumerator(atPath: configuration.storePath)?.allObjects ?? []
            for case let name as String in names {
                contents[name] = FileManager.default.contents(atPath: configuration.storePath + "/" + name)
            }
            return contents
        }

        @Test func compactLeavesEverythingThere() async throws {
            let configuration = try await killed()
            let (output, _) = try await run("compact", configuration, "--json", key: nil)
            let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            let after = try #require(report["bytesAfter"] as? Int)
            #expect(after > 0 && after <= report["bytesBefore"] as? Int ?? 0)
            let broker = try await configuration.start()
            let found = try await Client.subscribe(to: broker, "-t", "house/#", "-C", "4", "-v", "-W", "10")
            #expect(Set(found) == Set(Self.topics.dropFirst().map { "\($0) x" }))
            // The broker that has the store open does it itself.
            for topic in Self.topics { try await Client.publish(to: broker, "-q", "1", "-r", "-t", topic, "-n") }
            broker.process.signal(SIGUSR1)
            let (online, _) = try await run("compact", configuration, "--json", "--fast", key: nil)
            let second = try #require(try JSONSerialization.jsonObject(with: Data(online.utf8)) as? [String: Any])
            #expect(second["bytesAfter"] as? Int ?? .max <= second["bytesBefore"] as? Int ?? 0, "\(online)")
            try await broker.stop()
        }

        @Test func recoverSaysWhatItFoundAndTheBrokerGoesOn() async throws {
            let configuration = try await killed()
            let (output, _) = try await run("recover", configuration, "--json")
            let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            for (name, value) in [
                "journalRecords": 6, "replayedRecords": 6, "retainedSet": 4, "retainedCleared": 1, "retainedExpired": 0,
                "damagedPlaces": 0,
            ] {
                #expect(report[name] as? Int == value, "\(name)\n\(output)")
            }
            for topic in Self.topics { #expect(!output.contains(topic)) }
            let again = try await configuration.start()
            let lines = try await Client.subscribe(to: again, "-t", "house/#", "-C", "4", "-W", "20", "-F", "%t")
            #expect(Set(lines) == Set(Self.topics.dropFirst()))
            try await again.stop()
        }

        @Test func verifyChangesNothing() async throws {
            let configuration = try await killed()
            let before = try contents(configuration)
            let (output, _) = try await run("verify", configuration)
            #expect(output.contains("4 set, 0 expired, 1 cleared"), "\(output)")
            #expect(try contents(configuration) == before)
        }

        @Test func withoutTheKeyVerifyChecksStructureAndSaysSo() async throws {
            let configuration = try await killed()
            let (output, _) = try await run("verify", configuration, key: nil)
            #expect(output.contains("structure and checksums only"), "\(output)")
            #expect(output.contains("6 records") && !output.contains(" set,"), "\(output)")
            _ = try await run("recover", configuration, key: nil, expecting: .code(3))
        }

        @Test func aWrongKeyIsNoDamage() async throws {
            let configuration = try await killed()
            for verb in ["recover", "verify"] {
                let (_, errors) = try await run(
                    verb,
                    configuration,
                    key: BrokerConfiguration.otherKey,
                    expecting: .code(3)
                )
                #expect(errors.contains("fingerprint") && !errors.contains(BrokerConfiguration.otherKey), "\(errors)")
            }
        }

        @Test func aStoreInUseIsLeftAlone() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            for verb in ["recover", "verify"] { _ = try await run(verb, configuration, expecting: .code(5)) }
            try await broker.stop()
        }

        @Test(arguments: [BrokerConfiguration.key, nil]) func damageIsFoundAndNamed(key: String?) async throws {
            let configuration = try await killed()
            // Two starts more: what lies in the first segment then is below what is known to be durable.
            for _ in 0..<2 { try await configuration.start().kill() }
            let journal = configuration.storePath + "/journal/00000000000000000001.journal"
            let file = try #require(FileHandle(forUpdatingAtPath: journal))
            try file.seek(toOffset: 4_200)
            let byte = try #require(try file.read(upToCount: 1)?.first)
            try file.seek(toOffset: 4_200)
            try file.write(contentsOf: Data([~byte]))
            try file.close()
            let (output, errors) = try await run("verify", configuration, key: key, expecting: .code(4))
            #expect(output.contains("\(journal) at offset ") && output.contains("should be"), "\(output)")
            #expect(errors.contains("damaged in 1 place"), "\(errors)")
            if key != nil { _ = try await run("recover", configuration, expecting: .code(4)) }
        }

        /// LMDB trusts its pages: one that points far outside ends whoever follows it.
        @Test func anIndexThatEndsItsReaderIsAFinding() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            let broker = try await configuration.start()
            try await Client.bench("load", broker, "--topics", "500", "--messages", "500", "--payload-bytes", "100")
            broker.process.signal(SIGUSR1)
            _ = try await broker.process.wait(20, "a checkpoint is made") {
                broker.process.log.contains("checkpoint done") ? true : nil
            }
            try await broker.stop()
            let path = configuration.storePath + "/index/data.mdb"
            var index = try Data(contentsOf: URL(filePath: path))
            // Every page but the two that begin the file: offsets of its nodes that lie behind its end.
            for page in stride(from: 8_192, to: index.count, by: 4_096) {
                for offset in page + 16..<page + 64 { index[offset] = 0xFF }
            }
            try index.write(to: URL(filePath: path))
            for verb in ["verify", "recover"] {
                let (_, errors) = try await run(verb, configuration, expecting: .code(4))
                #expect(errors.contains("data.mdb"), "\(errors)")
            }
            _ = try await run("verify", configuration, key: nil, expecting: .code(4))
        }

        @Test func whatIsNoStoreIsAMistake() async throws {
            let configuration = try BrokerConfiguration(in: TemporaryDirectory())
            for verb in ["recover", "verify"] { _ = try await run(verb, configuration, expecting: .code(1)) }
        }
    }
}
