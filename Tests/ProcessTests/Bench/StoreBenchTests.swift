import Foundation
import Testing

extension ProcessTests {
    /// `latch bench store`, small.
    @Suite struct StoreBenchTests {
        @Test(arguments: ["always", "10ms", "none"]) func measuresEveryKindOfWork(policy: String) async throws {
            let directory = try TemporaryDirectory()
            let rows = try await rows(directory, topics: 3_001, "--sync", policy)
            let operations = rows.map { $0["operations"] as? Int ?? 0 }
            #expect(operations == [3_001, 3_001, 2_000, 6_002, 3_001, 6_002, 3_001, 3_001, 1], "\(rows)")
            #expect(rows.allSatisfy { $0["operationsPerSecond"] as? Double ?? 0 > 0 })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy {
                    !$0.hasPrefix("latch-bench-")
                }
            )
        }

        @Test("B1: ten times as many topics take no more memory, once they are in the index")
        func memoryDoesNotGrowWithTheStore() async throws {
            let directory = try TemporaryDirectory()
            let small = try await rows(directory, topics: 20_000, "--sync", "none")
            let large = try await rows(directory, topics: 200_000, "--sync", "none")
            for (name, (small, large)) in zip(small, large).map({ ($0["name"] as? String ?? "", ($0, $1)) })
            where name.hasPrefix("scan") || name == "open" {
                let bytes = [small, large].map { $0["anonymousBytes"] as? Int ?? 0 }
                // 90 bytes for each topic would be more.
                #expect(bytes[0] > 1 << 20 && bytes[1] < bytes[0] + (16 << 20), "\(name): \(bytes)")
            }
        }

        private func rows(_ directory: TemporaryDirectory, topics: Int, _ more: String...) async throws
            -> [[String: Any]]
        {
            let output = try await Client.run(
                Executable.latch(),
                [
                    "bench", "store", "--topics", "\(topics)", "--batch", "50", "--threads", "2", "--json",
                    "--directory", directory.path,
                ] + more,
                in: directory
            )
            let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            return try #require(report["rows"] as? [[String: Any]])
        }
    }
}
