import Glibc
import Testing

@testable import RetainedStore

/// S3: every changed bit of a store's header, keyring and journal is detected, or harms nobody.
///
/// A sample runs with the tests; `RETAINED_STORE_BIT_FLIPS=all swift test --filter BitFlipTests` tries every bit. The
/// index, whose reader a changed page may end, has its own test, in processes of its own.
@Suite struct BitFlipTests {
    private let directory = TemporaryDirectory()

    @Test(
        "S3: a changed bit in header, keyring or journal is detected and named, or the store holds what it held",
        arguments: ["latch.store", "keyring", "journal/3", "journal/4", "journal/5"]
    )
    func flips(name: String) throws {
        let path = directory.file("store")
        try FixtureStore.copy(to: path)
        let file = name.hasPrefix("journal/") ? "journal/" + SegmentName.segment(UInt64(name.suffix(1)) ?? 0) : name
        let original = FileBytes.read(path + "/" + file)
        var random = SeededGenerator(seed: Seed.value)
        let bits = original.count * 8
        let chosen =
            getenv("RETAINED_STORE_BIT_FLIPS") == nil
            ? (0..<200).map { _ in Int.random(in: 0..<bits, using: &random) } : Array(0..<bits)
        var detectedCount = 0
        for bit in chosen {
            try FixtureStore.restore(path)
            var bytes = original
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            FileBytes.write(bytes, to: path + "/" + file)
            if try isDetected(path, "bit \(bit) of \(file), seed \(Seed.value)") { detectedCount += 1 }
        }
        #expect(detectedCount > 0)
    }

    /// Whether opening or verifying finds something; if neither does, the store must hold what it held.
    private func isDetected(_ path: String, _ comment: String) throws -> Bool {
        let masterKey = try FixtureStore.masterKey.get()
        let options = FixtureStore.options(path)
        do throws(StoreError) {
            guard try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 1).isSound else { return true }
            let store = try RetainedStore.open(options, masterKey: masterKey)
            let found = Result { try store.makeReader().scan("#") }
            try store.close()
            switch found {
            case .success(let found):
                // The last mark states what is durable; without it, its own bits cannot be told from a torn tail.
                #expect(found == FixtureStore.retained, "\(comment)")
                return false
            case .failure(let error): #expect(error is StoreError, "\(comment)")
            }
            return true
        } catch {
            switch error {
            case .damaged, .header, .keyring, .unsupported: return true
            default:
                Issue.record("\(comment): \(error)")
                return false
            }
        }
    }
}
