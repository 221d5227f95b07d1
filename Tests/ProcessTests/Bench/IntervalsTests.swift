import Foundation
import Testing

extension ProcessTests {
    /// `latch bench intervals`, shortened: it kills real brokers and counts what they lost.
    @Suite struct IntervalsTests {
        @Test("A killed process loses nothing, a power cut what was not synced, and always nothing at all")
        func countsLosses() async throws {
            let directory = try TemporaryDirectory()
            let output = try await Client.run(
                Executable.latch(),
                [
                    "bench", "intervals", "--policies", "always", "50ms", "none", "--duration", "0.1", "--power-cuts",
                    "1", "--topics", "100", "--json", "--directory", directory.path, "--report",
                    directory.file("report"),
                ],
                in: directory,
                withinSeconds: 300
            )
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
            )
            let rows = try #require(report["rows"] as? [[String: Any]])
            #expect(rows.map { $0["policy"] as? String } == ["always", "50 ms", "none"])
            for row in rows {
                let killed = try #require(row["killed"] as? [String: Any])
                #expect(killed["lost"] as? Int == 0)
                #expect(killed["acknowledged"] as? Int ?? 0 > 100)
                #expect(killed["bytesWrittenPerMessage"] as? Double ?? 0 > 200)
            }
            let cuts = rows.map { ($0["powerCuts"] as? [[String: Any]])?.first ?? [:] }
            #expect(cuts[0]["lost"] as? Int == 0)
            #expect(cuts.allSatisfy { $0["acknowledged"] as? Int ?? 0 > 100 })
            // Nothing is synced but segments that are left behind, which a tenth of a second does not fill.
            #expect(cuts[2]["lost"] as? Int ?? 0 > 0)
            #expect(cuts[2]["lossWindowMilliseconds"] as? Double ?? 0 > 0)
            #expect(cuts.allSatisfy { $0["invented"] as? Int == 0 })

            let page = try String(contentsOfFile: directory.file("report/intervals.html"), encoding: .utf8)
            #expect(page.contains("</html>"))
            #expect(FileManager.default.fileExists(atPath: directory.file("report/intervals.json")))
            // Its stores are gone with it.
            let left = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(!left.contains { $0.hasPrefix("latch-bench-") })
        }

        @Test func anImpossiblePlanIsRefusedBeforeAnythingStarts() async throws {
            let directory = try TemporaryDirectory()
            try await Client.run(
                Executable.latch(),
                ["bench", "intervals", "--duration", "0", "--directory", directory.path],
                in: directory,
                expecting: .code(1)
            )
        }
    }
}
