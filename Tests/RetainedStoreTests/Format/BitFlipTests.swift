import Glibc
import Testing

@testable import RetainedStore

/// S3: every changed bit of a store's header, keyring and journal is detected, or harms nobody.
///
/// A sample runs with the tests; `RETAINED_STORE_BIT_FLIPS=all swift test --filter BitFlipTests` tries every bit. The
/// index, whose reader a changed page may end, has its own test, in processes of its own.
@Suite struct BitFlipTests {
    private let directory = TemporaryDirectory(isInMemory: true)
    private let masterKey: MasterKey

    init() throws {
        masterKey = try FixtureStore.masterKey.get()
    }

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
            var bytes = original
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            FileBytes.write(bytes, to: path + "/" + file)
            let comment = "bit \(bit) of \(file), seed \(Seed.value)"
            // A verification changes nothing; an opening does.
            if isFoundByVerifying(path, comment) {
                detectedCount += 1
            } else {
                if isFoundByOpening(path, comment) { detectedCount += 1 }
                try FixtureStore.restore(path)
            }
        }
        #expect(detectedCount > 0)
        print("\(chosen.count) bits of \(name): \(detectedCount) were found, the others harmless")
    }

    private func isFoundByVerifying(_ path: String, _ comment: String) -> Bool {
        isFound(comment) { () throws(StoreError) in
            try !RetainedStore.verify(FixtureStore.options(path), masterKey: masterKey, nowSeconds: 1).isSound
        }
    }

    /// Whether opening or reading finds something; if neither does, the store must hold what it held.
    private func isFoundByOpening(_ path: String, _ comment: String) -> Bool {
        isFound(comment) { () throws(StoreError) in
            let store = try RetainedStore.open(FixtureStore.options(path), masterKey: masterKey)
            let found = Result { try store.makeReader().scan("#") }
            try store.close()
            switch found {
            case .success(let found):
                // The last mark states what is durable; without it, its own bits cannot be told from a torn tail.
                #expect(found == FixtureStore.retained, "\(comment)")
                return false
            case .failure(let error):
                #expect(error is StoreError, "\(comment)")
                return true
            }
        }
    }

    /// What `look` says; true as well if it ends with an error that names damage.
    private func isFound(_ comment: String, _ look: () throws(StoreError) -> Bool) -> Bool {
        do throws(StoreError) {
            return try look()
        } catch {
            switch error {
            case .damaged, .header, .keyring, .unsupported: break
            default: Issue.record("\(comment): \(error)")
            }
            return true
        }
    }
}
