import Foundation
import Testing

extension ProcessTests {
    /// `latch bench store`, small.
    @Suite struct StoreBenchTests {
        @Test(arguments: ["always", "10ms", "none"]) func measuresEveryKindOfWork(policy: String) async throws {
            let directory = try TemporaryDirectory()
            let output = try await Client.run(
                Executable.latch(),
                [
                    "bench", "store", "--topics", "3001", "--batch", "50", "--threads", "2", "--sync", policy, "--json",
                    "--directory", directory.path,
                ],
                in: directory
            )
            let report = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            let rows = try #require(report["rows"] as? [[String: Any]])
            let operations = rows.map { $0["operations"] as? Int ?? 0 }
            #expect(operations == [3_001, 3_001, 2_000, 6_002, 3_001, 6_002, 3_001, 3_001, 1], "\(output)")
            #expect(rows.allSatisfy { $0["operationsPerSecond"] as? Double ?? 0 > 0 })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy {
                    !$0.hasPrefix("latch-bench-")
                }
            )
        }
    }
}
