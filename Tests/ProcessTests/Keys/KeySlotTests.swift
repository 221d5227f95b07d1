import Foundation
import Testing

extension StoreProcessTests {
    /// `latch key init`, `show`, `add`, `remove`, `rewrap`: the master keys of a store, from every place that a key can
    /// come from.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct KeySlotTests {
        /// A place, the form that names it, and the environment in which it is found.
        private struct Source {
            var argument: String
            var environment: [String: String] = [:]
        }

        private let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
        }

        /// One key from each place.
        private func sources() async throws -> [Source] {
            let file = directory.file("a.key")
            let made = try await LatchProgram.run(["key", "init", file], key: nil, in: directory)
            let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
            #expect(made.standardOutput.contains("wrote the master key \(file), fingerprint "))
            #expect(!made.log.contains(text.dropLast()) && text.count > 40)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            // A key that is there is never overwritten.
            let again = try await LatchProgram.run(["key", "init", file], in: directory, expecting: .code(7))
            #expect(again.standardError.contains(file) && again.standardError.contains("File exists"))
            let second = directory.file("b.key")
            try await LatchProgram.run(["key", "init", second], key: nil, in: directory)
            try directory.write("service-key", String(repeating: "5c", count: 32))
            try directory.write("words", "eleven brown horses\n")
            return [
                Source(argument: "file:\(file)"),
                Source(argument: "command:cat \(second)"),
                Source(argument: "env:OTHER", environment: ["OTHER": BrokerConfiguration.otherKey]),
                Source(argument: "credential:service-key", environment: ["CREDENTIALS_DIRECTORY": directory.path]),
                Source(argument: "passphrase-file:\(directory.file("words"))"),
                Source(argument: "passphrase-env:WORDS", environment: ["WORDS": "twelve grey mules"]),
            ]
        }

        /// Whether a key opens the store: with 0 it does, with 3 it is the wrong one.
        private func opens(
            _ store: TestStore,
            _ source: Source,
            expecting exit: Exit,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let (output, errors) = try await store.text(
                ["health"],
                "--key",
                source.argument,
                key: nil,
                environment: source.environment,
                expecting: exit,
                location
            )
            if exit == .code(0) {
                #expect(output == "healthy\n", sourceLocation: location)
            } else {
                #expect(errors.contains("does not open this store, which wants"), sourceLocation: location)
                #expect(errors.contains("--key-file"), sourceLocation: location)
            }
        }

        private func fingerprints(_ store: TestStore) async throws -> [String] {
            let slots = try #require(try await store.json(["key", "show"])["slots"] as? [[String: Any]])
            return slots.compactMap { $0["fingerprint"] as? String }
        }

        @Test func aKeyFromEveryPlaceIsAddedAndRemoved() async throws {
            let store = try await TestStore(in: directory)
            let sources = try await sources()
            for (number, source) in sources.enumerated() {
                try await opens(store, source, expecting: .code(3))
                let added = try await store.text(
                    ["key", "add"],
                    "--new",
                    source.argument,
                    environment: source.environment
                ).output
                let slots = try await fingerprints(store)
                #expect(slots.count == number + 2 && added.contains("added the slot \(slots[number + 1])"))
                try await opens(store, source, expecting: .code(0))
                let twice = try await store.text(
                    ["key", "add"],
                    "--new",
                    source.argument,
                    environment: source.environment,
                    expecting: .code(1)
                )
                #expect(twice.errors.contains("opens the store already, by the slot \(slots[number + 1])"))
            }
            let shown = try await store.text(["key", "show"]).output
            #expect(shown.contains("the one at hand") && shown.contains("keyring: \(store.path)/keyring"))
            let report = try await store.json(["key", "show"])
            let slots = try #require(report["slots"] as? [[String: Any]])
            #expect(
                slots.map { $0["kind"] as? String } == Array(repeating: "key", count: 5) + ["passphrase", "passphrase"]
            )
            #expect(slots.map { $0["isKeyAtHand"] as? Bool } == [true] + Array(repeating: false, count: 6))
            for (source, slot) in zip(sources, try await fingerprints(store).dropFirst()) {
                #expect(try await store.text(["key", "remove"], slot).output == "removed the slot \(slot)\n")
                try await opens(store, source, expecting: .code(3))
                let twice = try await store.text(["key", "remove"], slot, expecting: .code(1))
                #expect(twice.errors.contains("no key slot \(slot)") && twice.errors.contains("latch key show"))
            }
            let last = try #require(try await fingerprints(store).first)
            let refused = try await store.text(["key", "remove"], last, expecting: .code(1))
            #expect(refused.errors.contains("the store's only key slot"))
            #expect(try await TestStore.messages(in: store.path, directory) == TestStore.expected())
        }

        @Test func aKeyFromEveryPlaceTakesThePlaceOfAnother() async throws {
            let store = try await TestStore(in: directory)
            var present = Source(argument: "env:LATCH_KEY", environment: ["LATCH_KEY": BrokerConfiguration.key])
            for source in try await sources() {
                let (output, _) = try await store.text(
                    ["key", "rewrap"],
                    "--key",
                    present.argument,
                    "--new",
                    source.argument,
                    key: nil,
                    environment: present.environment.merging(source.environment) { $1 }
                )
                #expect(output.hasPrefix("the store opens with ") && output.contains("and no longer with "))
                try await opens(store, present, expecting: .code(3))
                try await opens(store, source, expecting: .code(0))
                present = source
            }
            // What is not the key of the store changes nothing.
            let refused = try await store.text(
                ["key", "rewrap"],
                "--new",
                "file:\(directory.file("a.key"))",
                expecting: .code(3)
            )
            #expect(refused.errors.contains("does not open this store"))
            try await opens(store, present, expecting: .code(0))
        }

        @Test func slotsChangeWhileABrokerRuns() async throws {
            var configuration = try BrokerConfiguration(in: directory)
            let store = try await TestStore(in: directory, at: "data/latch")
            let broker = try await configuration.start()
            let file = directory.file("new.key")
            try await LatchProgram.run(["key", "init", file], key: nil, in: directory)
            _ = try await store.text(["key", "rewrap"], "--new", "file:\(file)")
            try await Client.publish(to: broker, "-q", "1", "-r", "-t", "alice/0", "-m", "newer")
            try await broker.stop()
            let refused = try await configuration.refusal()
            #expect(refused.exit == .code(3) && refused.log.contains("does not open this store"))
            configuration.masterKey = nil
            configuration.lines = ["master_key_file \(file)"]
            let again = try await configuration.start()
            let lines = try await Client.subscribe(to: again, "-t", "alice/0", "-C", "1", "-W", "20")
            #expect(lines == ["newer"])
            try await again.stop()
        }

        @Test func whatCannotBeUsedIsRefused() async throws {
            let store = try await TestStore(in: directory)
            for (arguments, environment, exit, words) in [
                (["--new", "file:\(directory.file("none"))"], [:], 3, "cannot read the master key"),
                (["--new", "file:\(store.path)/latch.store"], [:], 3, "holds no master key"),
                (["--new", "command:exit 9"], [:], 3, "the key command failed with status 9"),
                (["--new", "env:NOTHING"], [:], 3, "$NOTHING is not set"),
                (["--new", "env:SHORT"], ["SHORT": "6b6b"], 3, "holds no master key"),
                (["--new", "passphrase-env:NOTHING"], [:], 3, "$NOTHING is not set"),
                (["--new", "credential:a"], [:], 1, "--new"),
                (["--new", "elsewhere:a"], [:], 1, "--new"),
                ([], [:], 1, "--new"),
            ] as [([String], [String: String], Int32, String)] {
                let process = try await LatchProgram.run(
                    ["key", "add", store.path] + arguments,
                    environment: environment,
                    in: directory,
                    expecting: .code(exit)
                )
                #expect(process.standardError.contains(words), "\(arguments): \(process.standardError)")
            }
            #expect(try await fingerprints(store).count == 1)
            for verb in ["show", "add", "remove", "rewrap", "rotate", "shred"] {
                let more = [
                    "add": ["--new", "env:A"], "rewrap": ["--new", "env:A"], "remove": ["00"], "shred": ["alice"],
                ]
                let process = try await LatchProgram.run(
                    ["key", verb, directory.file("nothing")] + (more[verb] ?? []),
                    environment: ["A": BrokerConfiguration.otherKey],
                    in: directory,
                    expecting: .code(1)
                )
                #expect(process.standardError.contains("there is no store in \(directory.file("nothing"))"))
            }
        }
    }
}
