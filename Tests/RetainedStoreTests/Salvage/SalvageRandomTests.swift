import Testing

@testable import RetainedStore

@Suite("Salvaging whatever is damaged") struct SalvageRandomTests {
    @Test("S3: after any damage there is no value that was never published, and every difference is in the report")
    func anyDamage() throws {
        var random = SeededGenerator(seed: Seed.value)
        for round in 0..<12 {
            let store = try DamagedStore(indexCount: 120, journalCount: 30)
            var places: [String] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let path = ([store.indexPath] + store.journalPaths).randomElement(using: &random) ?? store.indexPath
                let count = FileBytes.read(path).count
                let start = Int.random(in: 0..<count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: store.damage(path, at: start..<start + 1) { $0 ^ 0x10 }
                case 1: store.damage(path, at: start / 512 * 512..<start / 512 * 512 + 512) { _ in 0 }
                default: store.damage(path, at: start / 4_096 * 4_096..<start / 4_096 * 4_096 + 4_096) { ~$0 }
                }
                places.append("\(path) at \(start)")
            }
            let (report, found) = try store.salvage()
            let comment = Comment(rawValue: "round \(round), seed \(Seed.value), \(places), \(report)")
            for (topic, payload) in found { #expect(store.published[topic]?.contains(payload) == true, comment) }
            let reported =
                report.lostCount + report.olderKeptCount + report.unknownCount + report.journalMissingCount
                + (report.indexMissingCount ?? 0)
                // Who cuts off the end, and whatever says how far it went, leaves a whole history that ends earlier.
                + (store.lastLSN - min(store.lastLSN, report.lastLSN - 1))
            let isSilent = report.indexStatedCount != nil && store.differences(found).count > Int(reported)
            #expect(!isSilent, comment)
        }
    }
}
