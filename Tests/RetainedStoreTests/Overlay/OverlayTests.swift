import Testing

@testable import RetainedStore

@Suite struct OverlayTests {
    /// A blind key as topics of so many levels have.
    private func key(_ random: inout SeededGenerator, levels: Int) -> [UInt8] {
        [0] + random.bytes(16 * levels)
    }

    @Test("Entries are found by their keys, with their newest place, in any number up to the capacity")
    func model() throws {
        var random = SeededGenerator(seed: Seed.value)
        let overlay = try Overlay(capacity: 5_000)
        var keys: [[UInt8]] = []
        var places: [JournalPlace] = []
        for step in 1...20_000 {
            let isNew = keys.count < 5_000 && (keys.isEmpty || Bool.random(using: &random))
            let place = JournalPlace(segment: UInt64(step), offset: step * 8)
            let index: Int
            if isNew {
                keys.append(key(&random, levels: Int.random(in: 1...31, using: &random)))
                places.append(place)
                index = keys.count - 1
            } else {
                index = Int.random(in: 0..<keys.count, using: &random)
                places[index] = place
            }
            _ = keys[index].withUnsafeBytes {
                overlay.enter(key: $0, token: Overlay.token(of: $0), place: place, version: UInt64(step))
            }
        }
        #expect(overlay.count == keys.count)
        let isComplete = zip(keys, places).allSatisfy { key, place in
            key.withUnsafeBytes { overlay.place(of: Overlay.token(of: $0), keyBytes: $0.count) } == place
        }
        #expect(isComplete, "seed \(Seed.value)")
        let other = key(&random, levels: 3)
        #expect(other.withUnsafeBytes { overlay.place(of: Overlay.token(of: $0), keyBytes: $0.count) } == nil)
    }

    @Test("A journal's records become entries in their order, however many", arguments: [0, 1, 15, 16, 17, 1_000])
    func replaying(count: Int) throws {
        var random = SeededGenerator(seed: Seed.value)
        var replayed = ReplayedOverlay(try Overlay(capacity: 10))
        var keys: [[UInt8]] = []
        var records: [UnsafeMutableRawPointer] = []
        defer { for record in records { record.deallocate() } }
        for step in 0..<count {
            // Every tenth key comes again.
            keys.append(step % 10 == 9 ? keys[step - 9] : key(&random, levels: 2))
            let record = UnsafeMutableRawPointer.allocate(byteCount: 1_024, alignment: 16)
            records.append(record)
            keys[step].withUnsafeBytes {
                JournalRecord.begin(
                    at: record,
                    type: RecordType.set.rawValue,
                    key: $0,
                    sealedBytes: 0,
                    version: UInt64(step + 1),
                    dataKeyID: 0
                )
            }
            try replayed.add(JournalRecord(base: record), JournalPlace(segment: 1, offset: (step + 1) * 8))
        }
        try replayed.finish()
        let overlay = replayed.overlay
        let distinct = keys.indices.filter { keys.firstIndex(of: keys[$0]) == $0 }
        #expect(overlay.count == distinct.count)
        for (index, step) in distinct.enumerated() {
            let last = keys.lastIndex(of: keys[step]) ?? step
            let place = keys[step].withUnsafeBytes { overlay.place(of: Overlay.token(of: $0), keyBytes: $0.count) }
            #expect(place == JournalPlace(segment: 1, offset: (last + 1) * 8))
            #expect(overlay.entry(index).place == place)
        }
    }

    @Test("What came with later versions is left out by blocks, never what came with earlier ones")
    func countUpToVersion() throws {
        var random = SeededGenerator(seed: Seed.value)
        let overlay = try Overlay(capacity: 20_000)
        for step in 1...10_000 {
            let key = key(&random, levels: 1)
            _ = key.withUnsafeBytes {
                overlay.enter(
                    key: $0,
                    token: Overlay.token(of: $0),
                    place: JournalPlace(segment: 1, offset: 8),
                    version: UInt64(step)
                )
            }
        }
        for version in [0, 1, 4_095, 4_096, 4_097, 8_192, 8_193, 9_999, 10_000, 20_000] {
            let count = overlay.count(upToVersion: UInt64(version), of: overlay.count)
            #expect(count >= min(version, 10_000))
            #expect(count < version + Overlay.blockEntries || version == 0 && count == 0)
        }
    }
}
