import Foundation
import Testing

extension StoreProcessTests {
    /// S3: every changed bit of the index is detected, or harms nobody; and what it ends is a child process.
    ///
    /// A sample runs with the tests; with `LATCH_TEST_BIT_FLIPS=all` every bit is tried, which takes hours.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct IndexBitFlipTests {
        private static let sampleCount = 30

        @Test("S3: verify survives any changed bit of the index, and finds it or finds everything as it was")
        func flips() async throws {
            let directory = try TemporaryDirectory()
            let path = directory.file("store")
            try FileManager.default.copyItem(atPath: Executable.package + "Fixtures/store/v1", toPath: path)
            let index = URL(filePath: path + "/index/data.mdb")
            let original = try Data(contentsOf: index)
            let sound = try await verify(path, directory)
            try #require(sound.exit == .code(0), "\(sound.words)")
            var random = SeededRandom.announced()
            let bits = original.count * 8
            let isExhaustive = ProcessInfo.processInfo.environment["LATCH_TEST_BIT_FLIPS"] == "all"
            let chosen = isExhaustive ? Array(0..<bits) : (0..<Self.sampleCount).map { _ in random.next(below: bits) }
            for bit in chosen {
                var bytes = original
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                try bytes.write(to: index)
                let (exit, words) = try await verify(path, directory)
                switch exit {
                case .code(4): #expect(words.contains("data.mdb") || words.contains("/index"), "bit \(bit): \(words)")
                // With every record opened and counted and the digest as stated, what is there is what was there.
                case .code(0): #expect(words == sound.words, "bit \(bit)")
                default: Issue.record("bit \(bit): \(exit) \(words)")
                }
            }
        }

        /// How verifying ends, and what it says of the contents.
        private func verify(_ path: String, _ directory: TemporaryDirectory) async throws -> (exit: Exit, words: String)
        {
            let process = try ChildProcess(
                Executable.latch(),
                ["verify", path],
                environment: ["LATCH_KEY": BrokerConfiguration.key],
                in: directory
            )
            let exit = try await process.end()
            let lines = process.log.split(separator: "\n")
            return (exit, (exit == .code(0) ? lines.filter { $0.contains(" set, ") } : lines).joined(separator: "\n"))
        }
    }
}
