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
            keys[index].withUnsafeBytes {
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

    @Test("A larger copy has the same entries in the same order")
    func growing() throws {
        var random = SeededGenerator(seed: Seed.value)
        var overlay = try Overlay(capacity: 10)
        var keys: [[UInt8]] = []
        for step in 1...1_000 {
            let key = key(&random, levels: 2)
            keys.append(key)
            try Overlay.makeRoom(in: &overlay)
            key.withUnsafeBytes {
                overlay.enter(
                    key: $0,
                    token: Overlay.token(of: $0),
                    place: JournalPlace(segment: 1, offset: step * 8),
                    version: UInt64(step)
                )
            }
        }
        #expect(overlay.count == 1_000)
        for (index, key) in keys.enumerated() {
            let place = key.withUnsafeBytes { overlay.place(of: Overlay.token(of: $0), keyBytes: $0.count) }
            #expect(place == JournalPlace(segment: 1, offset: (index + 1) * 8))
            #expect(overlay.entry(index).place == place)
        }
    }

    @Test("What came with later versions is left out by blocks, never what came with earlier ones")
    func countUpToVersion() throws {
        var random = SeededGenerator(seed: Seed.value)
        let overlay = try Overlay(capacity: 20_000)
        for step in 1...10_000 {
            let key = key(&random, levels: 1)
            key.withUnsafeBytes {
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
